// Searching without diacritics: "dong thanh" finds "Đông Thành".

/** Lower case, without tone marks, đ as d; words kept apart by single spaces. */
export function foldText(text: string): string {
    return text
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replace(/[đĐ]/g, 'd')
        .toLowerCase()
        .trim()
        .replace(/\s+/g, ' ');
}

/** Whether every word of `query` begins somewhere in `text`; an empty query matches all. */
export function matchesQuery(foldedText: string, query: string): boolean {
    return foldText(query)
        .split(' ')
        .every((word) => foldedText.includes(word));
}
