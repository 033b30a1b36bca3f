import type { WorkspaceMessages } from '../topics/workspaces.ts';

export const workspaces: WorkspaceMessages = {
  settingsHead: '我在這個工作區的設定：',
  settings: {
    about: '查看或變更我在這個工作區的設定',
    enabled: '是否在這個工作區啟用',
    perServer: '整個工作區每小時的圖片數：數字、「off」（不另設限）或「default」（預設）',
  },
  failures: {
    'limit-server': '這個工作區這段時間的 {limit} 張額度用完了，{until:when} 起可以再用。',
    'channel-not-allowed': '我不能在這個頻道使用，工作區管理者指定的頻道是：{channels}。',
    'server-off': '我在這個工作區已停用，管理者可以重新啟用。',
    'server-only': '這只能在工作區的頻道裡使用，不能在私訊裡用。',
    'server-settings-damaged': '無法讀取這個工作區的設定，請管理者重新設定。',
    'managers-only': '只有這個工作區的管理者可以這麼做。',
    'delete-not-yours': '只有提出請求的人或工作區管理者可以刪除。',
  },
};
