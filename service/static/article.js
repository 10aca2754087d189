// Mark a part of a line: what is selected when the line's button is pressed. Without this script the whole line is marked.
"use strict";

const form = document.getElementById("missed");
let selected = null;

document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const line = range.startContainer.parentElement?.closest("[data-start]");
  // Pressing a button must not lose the selection, so the last one that lay within one line is kept.
  selected = line && line.contains(range.endContainer) ? { line, range: range.cloneRange() } : null;
});

function offset(line, container, at) {
  const range = new Range();
  range.selectNodeContents(line);
  range.setEnd(container, at);
  return [...range.toString()].length + Number(line.dataset.start);
}

form?.addEventListener("submit", (event) => {
  const line = event.submitter?.closest("li")?.querySelector("[data-start]");
  const part = selected && selected.line === line ? selected.range : null;
  form.elements.start.value = part ? offset(line, part.startContainer, part.startOffset) : "";
  form.elements.end.value = part ? offset(line, part.endContainer, part.endOffset) : "";
});
