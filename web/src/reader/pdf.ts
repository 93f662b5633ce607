// pdf.js (legacy build, for older tablets), loaded only when a document is opened.
import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist';
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import { canvasScale } from './scale';

pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;

export type Pdf = PDFDocumentProxy;

export async function openPdf(url: string): Promise<Pdf> {
    // Our Content-Security-Policy allows no WebAssembly; pdf.js then decodes with JavaScript.
    return pdfjs.getDocument({ url, useWasm: false, withCredentials: true }).promise;
}

/** Takes `bytes` over. */
export async function openPdfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Pdf> {
    return pdfjs.getDocument({ data: bytes, useWasm: false }).promise;
}

export async function closePdf(pdf: Pdf): Promise<void> {
    await pdf.loadingTask.destroy();
}

/** Draws pages on one canvas; a newer page cancels the one that is being drawn. */
export class PageCanvas {
    readonly #canvas: HTMLCanvasElement;
    #task: RenderTask | null = null;
    #wanted = 0;

    constructor(canvas: HTMLCanvasElement) {
        this.#canvas = canvas;
    }

    /** Width and height in CSS pixels; false when a newer page was asked for meanwhile. */
    async draw(pdf: Pdf, pageNumber: number, width: number, height: number, zoom: number) {
        this.#wanted += 1;
        const mine = this.#wanted;
        const page = await pdf.getPage(pageNumber);
        await this.#stop();
        if (mine !== this.#wanted) return false;

        const plain = page.getViewport({ scale: 1 });
        const fit = Math.min(width / plain.width, height / plain.height);
        const scale = Math.max(0.1, fit) * zoom;
        const density = canvasScale(plain.width * scale, plain.height * scale, devicePixelRatio);
        const viewport = page.getViewport({ scale: scale * density });
        this.#canvas.width = Math.floor(viewport.width);
        this.#canvas.height = Math.floor(viewport.height);
        this.#canvas.style.width = `${plain.width * scale}px`;
        this.#canvas.style.height = `${plain.height * scale}px`;
        this.#task = page.render({ canvas: this.#canvas, viewport });
        await this.#task.promise.catch(() => undefined);
        return mine === this.#wanted;
    }

    async #stop(): Promise<void> {
        this.#task?.cancel();
        await this.#task?.promise.catch(() => undefined);
        this.#task = null;
    }
}

/** The words of a page, for screen readers: the canvas is a picture to them. */
export async function pageText(pdf: Pdf, pageNumber: number): Promise<string> {
    const content = await (await pdf.getPage(pageNumber)).getTextContent();
    return content.items
        .map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
        .join('');
}
