// The language of the screens, and how a feature declares its words.
//
// Each feature folder has one text.ts: `export const text = dictionary(vi, en)`. English must have
// the shape of Vietnamese, so a missing sentence is a compile error. What needs a number or a name
// is a function. Components read `const t = $derived(text())`.

export type Language = 'vi' | 'en';

const STORED_AS = 'dienhong.language';

function rememberedLanguage(): Language {
    try {
        return localStorage.getItem(STORED_AS) === 'en' ? 'en' : 'vi';
    } catch {
        return 'vi'; // storage may be forbidden; the language then lasts as long as the page
    }
}

let current = $state<Language>(rememberedLanguage());

export function language(): Language {
    return current;
}

export function setLanguage(wanted: Language): void {
    current = wanted;
    document.documentElement.lang = wanted;
    try {
        localStorage.setItem(STORED_AS, wanted);
    } catch {
        // see rememberedLanguage()
    }
}

/** The words of one feature; the result gives those of the current language. */
export function dictionary<T extends object>(vi: T, en: NoInfer<T>): () => T {
    return () => (current === 'vi' ? vi : en);
}

/** A sentence that came in both languages, such as a refusal. */
export function say(sentence: { vi: string; en: string }): string {
    return current === 'vi' ? sentence.vi : sentence.en;
}
