/**
 * Take pictures dropped anywhere on the page, or pasted anywhere into it. `veil` shows while a file is held over
 * the page. Text that is pasted goes its usual way.
 */
export function takeDrops(veil: HTMLElement, take: (files: readonly File[]) => void): void {
  // Each element on the pointer's way sends its own enter and leave.
  let depth = 0;
  const over = (change: number): void => {
    depth = Math.max(0, depth + change);
    veil.hidden = depth === 0;
  };
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

  window.addEventListener('dragenter', (event) => {
    if (holdsFiles(event)) over(1);
  });
  window.addEventListener('dragleave', (event) => {
    if (holdsFiles(event)) over(-1);
  });
  window.addEventListener('dragover', (event) => {
    if (!holdsFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  window.addEventListener('drop', (event) => {
    over(-depth);
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  });
  window.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
}
