/** Errors beside the fields they are about. */

/**
 * Show exactly these errors under `root`.
 * @param {HTMLElement} root
 * @param {Record<string, string>} errors block_id → sentence
 * @returns {{first: HTMLElement|null, homeless: string[]}} the first control in error, and sentences without a field
 */
export function showErrors(root, errors) {
  let first = null;
  const left = new Map(Object.entries(errors));
  for (const block of root.querySelectorAll(".block-input")) {
    const sentence = left.get(block.dataset.block);
    left.delete(block.dataset.block);
    setError(block, sentence);
    if (sentence) first ??= controlOf(block);
  }
  return { first, homeless: [...left.values()] };
}

/** Take away the error of the field that holds `node`. */
export function clearError(node) {
  const block = node.closest(".block-input");
  if (block) setError(block, undefined);
}

const controlOf = (block) => block.querySelector("input, select, textarea, button");

function setError(block, sentence) {
  const place = block.querySelector(".field-error");
  place.textContent = sentence ?? "";
  place.hidden = !sentence;
  block.classList.toggle("has-error", Boolean(sentence));
  for (const control of block.querySelectorAll("[aria-describedby]")) {
    if (sentence) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}
