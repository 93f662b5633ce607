// Where the keyboard's focus goes. Both are Svelte attachments: {@attach keepFocus}.

function usable(element: HTMLElement): boolean {
    return element.isConnected && !element.matches(':disabled');
}

/**
 * When what has the focus inside `place` goes away or is disabled, the place itself takes it, so
 * that the keyboard goes on from there and not from the top of the page. Needs: a tabindex on it.
 */
export function keepFocus(place: HTMLElement): () => void {
    let last: HTMLElement | null = null;

    function enter(event: FocusEvent): void {
        last = event.target instanceof HTMLElement ? event.target : null;
    }

    // Told before an element is taken out as well, so whether it was left is asked a moment later.
    function leave(): void {
        queueMicrotask(() => {
            if (last && usable(last) && document.activeElement !== last) last = null;
        });
    }

    const changes = new MutationObserver(() => {
        if (!last || usable(last)) return;
        const now = document.activeElement;
        const lost = now === null || now === document.body || now === last;
        last = null;
        if (lost) place.focus({ preventScroll: true });
    });
    changes.observe(place, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    place.addEventListener('focusin', enter);
    place.addEventListener('focusout', leave);
    return () => {
        changes.disconnect();
        place.removeEventListener('focusin', enter);
        place.removeEventListener('focusout', leave);
    };
}

/** Left, right, Home and End go from button to button of a toolbar; Tab does as well. */
export function arrowKeys(toolbar: HTMLElement): () => void {
    function move(event: KeyboardEvent): void {
        if (!(event.target instanceof HTMLButtonElement)) return; // arrows in a field are its own
        const buttons = [...toolbar.querySelectorAll<HTMLButtonElement>('button:enabled')];
        const at = buttons.indexOf(event.target);
        const last = buttons.length - 1;
        const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        buttons[(to + buttons.length) % buttons.length]?.focus();
    }

    toolbar.addEventListener('keydown', move);
    return () => toolbar.removeEventListener('keydown', move);
}

/** Whether somebody is typing now, and must not be taken away from it. */
export function isTyping(): boolean {
    const now = document.activeElement;
    return now instanceof HTMLElement && (now.isContentEditable || now.matches('input, textarea'));
}
