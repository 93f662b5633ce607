// Signing keys of this browser: made here, not extractable, kept in IndexedDB. One in use per
// person, since a PC may be shared, and at most one that still waits for its certificate.

/** Made and asked for; an officer has not decided yet. */
export interface WaitingKey {
    userId: string;
    /** SHA-256 of the public key, hexadecimal: by it the server and the officer know the key. */
    spki: string;
    privateKey: CryptoKey;
}

/** Certified. */
export interface SigningKey {
    userId: string;
    serial: string;
    notAfter: number;
    certificate: Uint8Array<ArrayBuffer>;
    privateKey: CryptoKey;
}

const DATABASE = 'dienhong-keys';
const IN_USE = 'keys';
const WAITING = 'waiting';

function settled<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
    });
}

async function open(): Promise<IDBDatabase> {
    const request = indexedDB.open(DATABASE, 2);
    request.onupgradeneeded = () => {
        for (const name of [IN_USE, WAITING]) {
            if (!request.result.objectStoreNames.contains(name)) {
                request.result.createObjectStore(name, { keyPath: 'userId' });
            }
        }
    };
    return settled(request);
}

/** One transaction over both stores; resolves once it is on disk. */
async function change(act: (inUse: IDBObjectStore, waiting: IDBObjectStore) => void) {
    const database = await open();
    try {
        const transaction = database.transaction([IN_USE, WAITING], 'readwrite');
        act(transaction.objectStore(IN_USE), transaction.objectStore(WAITING));
        await new Promise<void>((resolve, reject) => {
            transaction.oncomplete = () => resolve();
            transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
        });
    } finally {
        database.close();
    }
}

async function read<T>(name: string, userId: string): Promise<T | null> {
    const database = await open();
    try {
        const store = database.transaction(name).objectStore(name);
        return ((await settled(store.get(userId))) as T | undefined) ?? null;
    } finally {
        database.close();
    }
}

export const storedKey = (userId: string) => read<SigningKey>(IN_USE, userId);
export const waitingKey = (userId: string) => read<WaitingKey>(WAITING, userId);

export async function storeWaiting(key: WaitingKey): Promise<void> {
    await change((_, waiting) => void waiting.put(key));
}

/** The waiting key has its certificate and takes the place of the one before. */
export async function storeKey(key: SigningKey): Promise<void> {
    await change((inUse, waiting) => {
        inUse.put(key);
        waiting.delete(key.userId);
    });
}

export async function forgetWaiting(userId: string): Promise<void> {
    await change((_, waiting) => void waiting.delete(userId));
}

export async function forgetKey(userId: string): Promise<void> {
    await change((inUse) => void inUse.delete(userId));
}

/** A new P-256 pair whose private half can never be read, not even by this page. */
export async function makeKeyPair(): Promise<CryptoKeyPair> {
    return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
        'sign',
        'verify',
    ]);
}
