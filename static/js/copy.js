// Copy buttons of code snippets. Hidden in the HTML, so that nobody sees a button that cannot work.
async function copy(event) {
  const button = event.currentTarget;
  const label = button.textContent;
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = button.dataset.copied;
  } catch {
    // Refused by the browser (no permission, or not a secure origin): select the text, so that Ctrl-C works.
    getSelection().selectAllChildren(code);
  }
  setTimeout(() => (button.textContent = label), 2000);
}

function arm(root) {
  for (const button of root.querySelectorAll("[data-copy][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", copy);
  }
}

arm(document);
document.addEventListener("htmx:load", (event) => arm(event.target));
