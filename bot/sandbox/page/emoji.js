/** Common emoji by Slack's names. A name that is not here is shown as it was written. */

const TABLE = `
seedling 🌱|herb 🌿|evergreen_tree 🌲|deciduous_tree 🌳|leaves 🍃|sunflower 🌻|sunny ☀️|sunrise 🌅|rainbow 🌈|star ⭐|sparkles ✨
calendar 📆|date 📅|spiral_calendar_pad 🗓️|alarm_clock ⏰|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|clock1 🕐|clock9 🕘|bell 🔔|no_bell 🔕
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|question ❓|grey_question ❔|exclamation ❗|information_source ℹ️
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_forward ▶️|arrows_counterclockwise 🔄|repeat 🔁|fast_forward ⏩|double_vertical_bar ⏸️|pause_button ⏸️
memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|notebook 📓|book 📖|books 📚|bookmark 🔖|pushpin 📌|round_pushpin 📍|paperclip 📎|link 🔗|page_facing_up 📄|inbox_tray 📥|outbox_tray 📤|package 📦|envelope ✉️|email 📧|speech_balloon 💬|thought_balloon 💭
dart 🎯|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|trophy 🏆|medal 🏅|mountain ⛰️|compass 🧭|world_map 🗺️|footprints 👣|feet 🐾|checkered_flag 🏁|rocket 🚀|bulb 💡|key 🔑|lock 🔒|unlock 🔓|closed_lock_with_key 🔐|shield 🛡️|gear ⚙️|wrench 🔧|hammer_and_wrench 🛠️|mag 🔍|eyes 👀|eye 👁️|brain 🧠
wave 👋|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|clap 👏|raised_hands 🙌|pray 🙏|handshake 🤝|muscle 💪|point_right 👉|point_left 👈|point_up ☝️|ok_hand 👌|writing_hand ✍️|bust_in_silhouette 👤|busts_in_silhouette 👥
smile 😄|smiley 😃|slightly_smiling_face 🙂|blush 😊|grin 😁|joy 😂|thinking_face 🤔|relieved 😌|sweat_smile 😅|sleeping 😴|zzz 💤|heart ❤️|green_heart 💚|blue_heart 💙|yellow_heart 💛|tada 🎉|fire 🔥|coffee ☕|tea 🍵
large_green_circle 🟢|large_yellow_circle 🟡|large_blue_circle 🔵|white_circle ⚪|black_circle ⚫|red_circle 🔴|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|100 💯|new 🆕|door 🚪|house 🏠|robot_face 🤖|phone 📞|telephone_receiver 📞|beach_with_umbrella 🏖️|palm_tree 🌴|crescent_moon 🌙
`;

const EMOJI = new Map(TABLE.trim().split(/[|\n]/).map((entry) => /** @type {[string, string]} */ (entry.split(" "))));

/** @returns {string|undefined} */
export const emojiOf = (name) => EMOJI.get(name);

/** Text with `:name:` replaced where the name is known. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI.get(name) ?? whole);
