// Search through the sections of the site (SECTIONS, in search-index.js), without regard to case and accents. What has a
// digit or a slash in it, such as A/HRC/25/48 or 1990/68, must be there as a whole; other words may go on.
"use strict";

const fold = (text) => [...text].map((one) => one.normalize("NFD")[0].toLowerCase()[0]).join("");

function pattern(word) {
  const plain = fold(word).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const whole = /[\d/]/.test(word) ? "(?![\\p{L}\\p{N}]|/[\\p{L}\\p{N}])" : "";
  return new RegExp(`(?<![\\p{L}\\p{N}])${plain}${whole}`, "gu");
}

// The sections that have all words, those first that have them in their title or most often.
function search(query) {
  const words = query.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).map(pattern);
  const found = [];
  for (const [address, title, text] of words.length ? SECTIONS : []) {
    const inTitle = fold(title);
    const inText = fold(text);
    const hits = words.map((word) => 10 * [...inTitle.matchAll(word)].length + [...inText.matchAll(word)].length);
    if (hits.every(Boolean)) {
      const first = words.map((word) => [...inText.matchAll(word)][0]).find(Boolean);
      // A few words on a matter come before long tables that name it once.
      found.push({ address, title, text, first, rank: Math.min(...hits) / Math.sqrt(50 + text.length) });
    }
  }
  return found.sort((a, b) => b.rank - a.rank);
}

function excerpt(text, first) {
  const shown = document.createElement("p");
  const at = first ? first.index : 0;
  const [from, to] = [Math.max(0, at - 80), at + 140];
  const mark = document.createElement("mark");
  mark.textContent = first ? text.slice(at, at + first[0].length) : "";
  shown.append((from ? "… " : "") + text.slice(from, at), mark, text.slice(at + mark.textContent.length, to) + (to < text.length ? " …" : ""));
  return shown;
}

document.addEventListener("DOMContentLoaded", () => {
  const input = document.getElementById("query");
  const list = document.getElementById("found");
  const show = () => {
    const found = search(input.value);
    const sections = found.length === 1 ? "1 section" : `${found.length} sections`;
    const query = input.value.trim();
    const none = " Try fewer words, or the end of a symbol, such as 25/48.";
    document.getElementById("count").textContent = query ? `${sections} found.${found.length ? "" : none}` : "";
    const place = document.getElementById("document");
    place.replaceChildren();
    if (found.length && /^[A-Z]+(\/[\w.]+)+$/i.test(query) && /\d/.test(query)) {
      const link = document.createElement("a");
      link.href = "https://docs.un.org/en/" + encodeURI(query.toUpperCase());
      link.textContent = `Read ${query.toUpperCase()} at the United Nations`;
      place.append(link);
    }
    list.replaceChildren(
      ...found.slice(0, 50).map(({ address, title, text, first }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        // The page opens the tables that have the words (site.js).
        link.href = address.replace("#", `?q=${encodeURIComponent(query)}#`);
        link.textContent = title;
        item.append(link, excerpt(text, first));
        return item;
      }),
    );
  };
  input.value = new URLSearchParams(location.search).get("q") || "";
  input.addEventListener("input", show);
  show();
});
