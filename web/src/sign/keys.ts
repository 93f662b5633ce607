// Signing keys of this browser: made here, not extractable, kept in IndexedDB beside the
// certificate that the province issued for them. One per person, since a PC may be shared.

export interface SigningKey {
    userId: string;
    serial: string;
    notAfter: number;
    certificate: Uint8Array<ArrayBuffer>;
    privateKey: CryptoKey;
}

const DATABASE = 'dienhong-keys';
const STORE = 'keys';

function settled<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
    });
}

async function open(): Promise<IDBDatabase> {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'userId' });
    return settled(request);
}

export async function storedKey(userId: string): Promise<SigningKey | null> {
    const database = await open();
    try {
        const store = database.transaction(STORE).objectStore(STORE);
        return ((await settled(store.get(userId))) as SigningKey | undefined) ?? null;
    } finally {
        database.close();
    }
}

export async function storeKey(key: SigningKey): Promise<void> {
    const database = await open();
    try {
        const done = database.transaction(STORE, 'readwrite');
        await settled(done.objectStore(STORE).put(key));
    } finally {
        database.close();
    }
}

/** A new P-256 pair whose private half can never be read, not even by this page. */
export async function makeKeyPair(): Promise<CryptoKeyPair> {
    return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
        'sign',
        'verify',
    ]);
}
