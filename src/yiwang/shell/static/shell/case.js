/** The page of a case: a press on a suggestion fills its field. */
document.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-pick]");
  if (!pick) return;
  const field = document.getElementById(pick.dataset.pick);
  field.value = pick.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
