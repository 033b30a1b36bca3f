import type { RequestMessages } from '../topics/requests.ts';

export const requests: RequestMessages = {
  accepted: '收到。',
  fetching: '正在取得圖片。',
  waiting: ({ before, wait }) => {
    if (before === undefined) return '排隊中。';
    const line = before === 0 ? '排隊中，下一個就是你' : `排隊中，前面還有 ${before} 個`;
    return wait === undefined ? `${line}。` : `${line}，大約 ${wait}。`;
  },
  seconds: ({ seconds }) => `${seconds} 秒`,
  minutes: ({ minutes }) => `${minutes} 分鐘`,
  running: ({ percent }) => (percent === undefined ? '作畫中。' : `作畫中，${percent}%。`),
  upscaling: ({ percent }) => (percent === undefined ? '放大中。' : `放大中，${percent}%。`),
  delivering: '完成了，馬上送到。',
  cancelled: '已取消。',
  tooLate: '花的時間超過我在這裡能回覆的期限，所以先停止了。等排隊的人少一點再試，會比較快。',
  alreadyOpen: '這個已經在處理了。',
  painted: ({ artwork, pictures, seconds }) =>
    `${artwork}。畫了 ${pictures} 張，花了 ${seconds.toFixed(1)} 秒。`,
  upscaled: ({ factor, pictures, seconds }) =>
    `${pictures} 張圖片放大${factor === undefined ? '完成' : ` ${factor} 倍`}，花了 ${seconds.toFixed(1)} 秒。`,
  sizes: ({ from, to }) => `從 ${from} 放大到 ${to} 像素。`,
  partFailed: ({ number, sentence }) => `第 ${number} 張：${sentence}`,
  paintingAlt: ({ artwork, alt }) =>
    alt === undefined ? `這張圖片以〈${artwork}〉的風格重新繪製` : `以〈${artwork}〉的風格重新繪製：${alt}`,
  upscaledAlt: ({ size, alt }) =>
    alt === undefined ? `這張圖片放大到 ${size} 像素` : `放大到 ${size} 像素：${alt}`,
  photoAlt: '你傳送的圖片',
  failed: ({ sentence, incident }) => `${sentence}（事件編號 ${incident}）`,
  sentRecoded: ({ format, loss }) => {
    const lost = {
      quality: `高品質的 ${format}`,
      colors: `顏色較少的 ${format}`,
      transparency: `${format}，透明的部分變成白色`,
    };
    return `圖片超過這裡的檔案大小上限，所以改用${lost[loss]}。`;
  },
  sentAsLink: ({ url, when }) => `圖片超過這裡的檔案大小上限。${when} 以前可以從這裡取得：${url}`,
  deleted: '已刪除。',
  lost: '抱歉，這個請求中途遺失了，請再試一次。',
};
