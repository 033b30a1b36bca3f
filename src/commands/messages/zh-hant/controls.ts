import type { ControlMessages } from '../topics/controls.ts';

export const controls: ControlMessages = {
  cancel: '取消',
  cancelNumber: ({ number }) => `取消第 ${number} 個`,
  button: { restyle: '換風格', strength: '調整濃淡', upscale: '放大', delete: '刪除' },
  percent: ({ percent }) => `畫風 ${percent}%`,
  messageAction: { stylize: '風格化…', upscale: '放大' },
  picker: {
    stylizeTitle: '把圖片變成畫作',
    upscaleTitle: '放大圖片',
    styleLabel: '風格',
    stylePlaceholder: '選擇風格',
    strengthLabel: '濃淡',
    strengthPlaceholder: '畫風要多濃？',
    factorLabel: '倍數',
    factorPlaceholder: '要放大幾倍？',
    keepColorsLabel: '保留原色',
    choicePlaceholder: '依預設',
    pictureLabel: '圖片',
    pictureHint: 'JPEG、PNG、WebP 或 GIF',
    submit: '開始',
    close: '關閉',
  },
  home: {
    title: 'Impasto',
    intro: '我能把照片變成畫作，也能把小圖放大。',
    stylesHead: '風格',
    recentHead: '你最近的圖片',
    recentNone: '還沒有圖片，或都已經過了保留期限。',
    howHead: '怎麼給我圖片',
    privacyHead: '隱私',
  },
};
