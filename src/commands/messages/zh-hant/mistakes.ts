import type { MistakeMessages } from '../topics/mistakes.ts';
import { list } from './list.ts';

export const mistakes: MistakeMessages = {
  commandUnknown: ({ typed, near, help }) =>
    `沒有「${typed}」這個指令${near === undefined ? '。' : `，你是不是要找 ${near}？`}輸入 ${help} 看看我會做什麼。`,
  optionUnknown: ({ typed, command, near, options }) =>
    near === undefined
      ? `${command} 沒有「${typed}」這個選項。${options.length === 0 ? '它沒有任何選項。' : `可用的選項：${list(options)}。`}`
      : `${command} 沒有「${typed}」這個選項，你是不是要用 ${near}？`,
  optionMissing: ({ option, usage, choices }) =>
    `還少了 ${option}：${usage}${choices.length === 0 ? '' : `。可以選擇：${list(choices)}。`}`,
  optionTwice: ({ option }) => `${option} 重複了，請只寫一次。`,
  optionTooMany: ({ typed, usage }) => `我看不懂「${typed}」。請這樣寫：${usage}`,
  optionNotNumber: ({ option, typed, min, max }) =>
    `${option} 必須是 ${min} 到 ${max} 之間的數字，「${typed}」不是數字。`,
  optionOutOfRange: ({ option, typed, min, max }) => `${option} 的範圍是 ${min} 到 ${max}，不能是 ${typed}。`,
  optionNotBoolean: ({ option, typed }) => `${option} 只能是 true 或 false，不能是「${typed}」。`,
  styleUnknown: ({ typed, near, styles, list: command }) =>
    near === undefined
      ? `沒有「${typed}」這個風格。我會畫的有 ${list(styles)}。輸入 ${command} 看看樣子。`
      : `沒有「${typed}」這個風格，你是不是要找 ${near}？輸入 ${command} 查看所有風格。`,
  choiceUnknown: ({ option, typed, near, choices }) =>
    near === undefined
      ? `${option} 不能是「${typed}」。可用的有 ${list(choices)}。`
      : `${option} 不能是「${typed}」，你是不是要 ${near}？可用的有 ${list(choices)}。`,
  factorUnknown: ({ typed, near, factors }) =>
    near === undefined
      ? `無法放大「${typed}」倍。可用的倍數：${list(factors)}。`
      : `無法放大「${typed}」倍，你是不是要 ${near}？可用的倍數：${list(factors)}。`,
  emojiUnknown: ({ styles }) => `這個表情符號沒有作用。可用的有 ${list(styles)}。`,
  pictureWithoutCommand: ({ example }) => `好照片！輸入 ${example} 就能變成畫作，或在圖片上加表情符號。`,
  noCommand: ({ example, help }) => `我只聽得懂指令。附上圖片並輸入 ${example}，或用 ${help} 查看所有指令。`,
  channelsUnreadable: ({ typed }) => `「${typed}」不是頻道。請標註頻道（例如 #general），或輸入「all」。`,
  emojiMapUnreadable: ({ typed }) =>
    `我看不懂「${typed}」。請寫成表情符號、= 加上風格、「off」或「default」，例如 🎨=great-wave。`,
  settingTooLong: ({ option, most }) => `${option} 最多 ${most} 個，請減少一些。`,
  limitUnreadable: ({ option, typed }) =>
    `${option} 必須是 1 到 10000 的整數、「off」或「default」，不能是「${typed}」。`,
};
