import type { AnswerMessages } from '../topics/answers.ts';
import { list } from './list.ts';

export const answers: AnswerMessages = {
  helpHead: '我能把照片變成畫作，也能把小圖放大。你可以輸入：',
  helpReaction: ({ emojis }) => `也可以在任何圖片上加表情符號來換風格：${emojis.join(' ')}`,
  helpPictures: {
    discord: [
      '給我圖片的方式：',
      '• 附在指令裡，或指定某個人，我會用他的頭像。',
      '• 在有圖片的訊息上按右鍵（或長按）：應用程式 → 風格化… 或 放大。',
      '• 在圖片上加表情符號。',
      '• 什麼都不附：我會用你在這裡最新的圖片，沒有的話就用其他人的。',
    ],
    slack: [
      '給我圖片的方式：',
      '• 在有圖片的訊息裡提到我，討論串也行：@impasto stylize starry-night',
      '• 用訊息的選單：風格化… 或 放大。',
      '• 在圖片上加表情符號。',
      '• 只輸入指令：我會用這裡最新的圖片，或請你上傳一張。',
    ],
    playground: ['把圖片附在指令裡、在圖片上加表情符號，或什麼都不附：我會用這個討論串最新的圖片。'],
  },
  helpPrivacy: ({ hours, forget }) =>
    `圖片只會保留${hours === undefined ? '一段時間' : ` ${hours} 小時`}，只用於你的請求，不會拿來訓練。\n輸入 ${forget} 就會立即刪除你的圖片。`,
  stylesHead: ({ count }) => `我會畫 ${count} 種風格：`,
  stylesNone: '目前還沒有任何風格，要請管理者先加入。',
  provisional: '仍在訓練中',

  queueHead: ({ waiting, running }) => `${waiting} 個排隊中，${running} 個處理中。`,
  queueEmpty: '目前沒有人在排隊。',
  queueMine: '你的：',
  queueNoneMine: '其中沒有你的。',
  queueMore: ({ more }) => `你還有另外 ${more} 個。`,

  forgot: ({ pictures, requests }) =>
    `已刪除你的 ${pictures} 張圖片和 ${requests} 個請求。我貼在頻道裡的訊息會留著，請用訊息下方的按鈕刪除。`,
  forgotNothing: '這裡沒有你的任何資料。我貼在頻道裡的訊息會留著，請用訊息下方的按鈕刪除。',

  settingsHead: '我在這個伺服器的設定：',
  settingsChanged: '已變更：',
  settingsAsBefore: '設定原本就是這樣。',
  settingsDamaged: '這裡先前的設定已無法讀取，因此我暫時不作畫。請重新設定任何一項，我就會照新的設定運作。',
  settingsReplaced: '先前的設定無法讀取，從現在起改用以下設定：',
  settingsHow: ({ example }) => `變更方式：${example}`,
  setting: {
    enabled: ({ on }) => `enabled：${on ? '啟用' : '停用'}`,
    channels: ({ channels }) => `channels：${channels.length === 0 ? '全部' : channels.join(' ')}`,
    defaultStyle: ({ style }) => `default_style：${style ?? '未設定'}`,
    emojis: ({ pairs }) => `emoji：${pairs.length === 0 ? '預設' : list(pairs)}`,
    emojiOff: '沒有作用',
    perPerson: ({ most }) => `per_person：${limit(most)}`,
    perServer: ({ most }) => `per_server：${limit(most)}`,
    threads: ({ on }) => `threads：${on ? '啟用' : '停用'}`,
  },
};

function limit(most: number | undefined): string {
  if (most === undefined) return '預設';
  return most === 0 ? '不另設限' : `每小時 ${most} 張`;
}
