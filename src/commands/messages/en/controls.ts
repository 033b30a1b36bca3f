import type { ControlMessages } from '../topics/controls.ts';

export const controls: ControlMessages = {
  cancel: 'Cancel',
  cancelNumber: ({ number }) => `Cancel ${number}`,
  button: { restyle: 'Other style', strength: 'Other strength', upscale: 'Upscale', delete: 'Delete' },
  percent: ({ percent }) => `${percent} % paint`,
  messageAction: { stylize: 'Stylize…', upscale: 'Upscale' },
  picker: {
    stylizeTitle: 'Paint this picture',
    upscaleTitle: 'Enlarge this picture',
    styleLabel: 'Style',
    stylePlaceholder: 'Choose a style',
    strengthLabel: 'Strength',
    strengthPlaceholder: 'How much paint?',
    factorLabel: 'Factor',
    factorPlaceholder: 'How many times larger?',
    keepColorsLabel: 'Keep the colors',
    choicePlaceholder: 'As usual',
    pictureLabel: 'Picture',
    pictureHint: 'JPEG, PNG, WebP or GIF',
    submit: 'Go',
    close: 'Close',
  },
  home: {
    title: 'Impasto',
    intro: 'I turn photos into paintings, and small pictures into large ones.',
    stylesHead: 'Styles',
    recentHead: 'Your recent pictures',
    recentNone: 'None yet, or none that are still stored.',
    howHead: 'How to give me a picture',
    privacyHead: 'Privacy',
  },
};
