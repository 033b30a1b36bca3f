import type { CommandMessages } from '../topics/commands.ts';

export const commands: CommandMessages = {
  stylize: {
    about: '把照片變成畫作',
    style: '畫作的風格',
    strength: '畫風的濃淡：0 保留原本的照片，1 全部成為畫作',
    keepColors: '保留照片原本的色彩，只取筆觸',
    detail: '大張照片：working 筆觸合乎比例，full 畫出每個像素',
  },
  animation: '動畫以哪種格式傳回：webp 或 gif',
  upscale: { about: '把圖片放大並變清晰', factor: '放大倍數，例如 x4' },
  styles: { about: '看看有哪些風格' },
  queue: { about: '查看排隊情形，也可以取消自己的' },
  help: { about: '看看我會做什麼', command: '想了解的指令' },
  settings: {
    about: '查看或變更我在這個伺服器的設定',
    enabled: '是否在這個伺服器啟用',
    channels: '我可以使用的頻道，請標註頻道；「all」代表全部',
    defaultStyle: '沒有指定風格時採用的風格；「none」代表不設定',
    emoji: '表情符號的用途：🎨=great-wave、🎨=off 或 🎨=default',
    perPerson: '每人每小時的圖片數：數字、「off」（不另設限）或「default」（預設）',
    perServer: '整個伺服器每小時的圖片數：數字、「off」（不另設限）或「default」（預設）',
    threads: '是否在訊息的討論串中回覆表情符號',
  },
  forget: { about: '立即刪除你的圖片和請求' },
  platformOptions: {
    picture: '要處理的圖片；沒有附上時，我會用這裡最新的一張',
    avatarOf: '要用誰的頭像',
  },
};
