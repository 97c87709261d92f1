/** What one person's blocks are drawn on: it keeps the typed values and carries presses to the server. */
import { api } from "./api.js";

/**
 * @param {import("./state.js").State} state
 * @param {string} user
 * @param {import("./types.js").Container} container
 * @param {(sentence: string|null) => void} complain shows what went wrong, or that nothing did
 * @returns {import("./types.js").Surface}
 */
export function surfaceOf(state, user, container, complain) {
  const form = state.form(user, container.type === "view" ? container.view_id : `message/${container.message_ts}`);
  return {
    container,
    form,
    reader: state.reader(user),
    async press(block_id, action_id, action) {
      const answer = await api.press(user, { container, block_id, action_id, action, state: { values: form.values() } });
      complain(answer.ok ? null : answer.error);
      await state.refresh([user]);
    },
  };
}
