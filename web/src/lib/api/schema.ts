// Generated from docs/openapi.yaml by `npm run schema`. Do not edit.

export type Id = string;
export type NullableId = string | null;
/** Milliseconds since 1970 UTC. */
export type At = number;
export type NullableAt = number | null;
/** The CSRC of RTP. */
export type Source = number;
export type SourceOrNone = number;
export type Sha256 = string;
export type Token = string;
export type PublicCode = string;
export type Base64 = string;
export type Role = 'leader' | 'secretary' | 'member' | 'clerk' | 'technician' | 'admin' | 'observer' | 'certifier';
export type Capacity = 'chair' | 'secretary' | 'member' | 'invited' | 'observer' | 'technician';
export type MeetingState = 'draft' | 'submitted' | 'approved' | 'invited' | 'checking_in' | 'live' | 'paused' | 'ended' | 'minutes_signed' | 'published' | 'cancelled';
export type MinutesState = 'none' | 'draft' | 'final' | 'secretary_signed' | 'chair_signed';
export type Action = 'agenda.set' | 'document.add' | 'document.remove' | 'units.invite' | 'submit' | 'approve' | 'return' | 'announce' | 'cancel' | 'enter' | 'leave' | 'start' | 'pause' | 'resume' | 'end' | 'agenda.open' | 'floor.request' | 'floor.withdraw' | 'floor.grant' | 'floor.release' | 'stage.set' | 'document.present' | 'vote.open' | 'vote.cast' | 'vote.close' | 'conclusion.add' | 'conclusion.remove' | 'minutes.lock' | 'minutes.unlock' | 'minutes.takeover' | 'minutes.save' | 'minutes.finalise' | 'minutes.reopen' | 'minutes.sign' | 'issue.number' | 'issue.write' | 'issue.seal' | 'issue.distribute' | 'issue.receive' | 'issue.recall';
export type Choice = 'agree' | 'disagree' | 'abstain';
export type SignatureField = 'secretary' | 'chair';
export type Reason = { code: string; vi: string; en: string };
export type NullableReason = Reason | null;
export type Refusal = { error: Reason };
export type Login = { login: string; password: string };
export type UnitName = { id: Id; name: string };
export type Session = { user: { id: Id; login: string; name: string; position: string; unit: UnitName; roles: Role[] }; csrf: Token; server: { name: string; commit: string; nowAt: At } };
export type Unit = { id: Id; name: string; kind: 'province' | 'department' | 'commune'; parentId: NullableId };
export type UnitPage = { units: Unit[]; next: string | null };
export type User = { id: Id; name: string; position: string; unitId: NullableId; roles: Role[] };
export type UserPage = { users: User[]; next: string | null };
export type Person = { id: Id; name: string; position: string; unit: string };
export type NullablePerson = Person | null;
export type MeetingSummary = { id: Id; code: string; title: string; state: MeetingState; startAt: At; endAt: At; place: string; chair: Person; capacity: Capacity; toSign: boolean; may: Action[] };
export type MeetingList = { meetings: MeetingSummary[] };
export type MeetingDraft = { title: string; startAt: At; endAt: At; place: string; chairId: Id; secretaryId: Id };
export type AgendaItem = { id: Id; title: string; presenterId: NullableId; plannedMinutes: number; startedAt: NullableAt; endedAt: NullableAt };
export type Document = { id: Id; title: string; pages: number; size: number; sha256: Sha256; agendaId: NullableId };
export type Participant = { id: Id; source: Source; userId: Id; name: string; position: string; unit: string; capacity: Capacity; vote: boolean; present: boolean; spans: { inAt: At; outAt: NullableAt }[] };
export type ParticipantPage = { participants: Participant[]; next: string | null };
export type MeetingUnits = { units: UnitName[] };
export type Vote = { id: Id; question: string; state: 'open' | 'closed'; eligible: number; cast: number; agree: number | null; disagree: number | null; abstain: number | null; mine: Choice | null; openedAt: At; closedAt: NullableAt };
export type Presented = { documentId: Id; page: number; by: NullableId; number: number };
export type Meeting = { id: Id; code: string; seq: number; title: string; state: MeetingState; reason: string | null; startAt: At; endAt: At; place: string; startedAt: NullableAt; endedAt: NullableAt; chair: Person; secretary: Person; agenda: AgendaItem[]; documents: Document[]; counts: { invited: number; present: number; units: number }; participants: Participant[]; floor: { holder: NullableId; queue: { participantId: Id; requestedAt: At }[] }; stage: NullableId; presented: Presented | null; votes: Vote[]; conclusions: { id: Id; text: string; at: At }[]; minutes: { state: MinutesState; revision: number; lockedBy: NullablePerson; code: PublicCode | null; sha256: Sha256 | null }; you: { participantId: NullableId; capacity: Capacity | null; may: Action[] } };
export type Committed = { seq: number };
export type Event = { seq: number; at: At; actor: NullableId; kind: string; body: Record<string, unknown> };
export type EventPage = { events: Event[]; seq: number };
export type Command = PlainCommand | AgendaSet | DocumentRemove | UnitsInvite | ReasonCommand | AgendaOpen | FloorGrant | StageSet | DocumentPresent | VoteOpen | VoteCast | VoteClose | ConclusionAdd | ConclusionRemove | MinutesSave | MinutesFinalise | IssueDistribute | IssueReceive;
export type PlainCommand = { kind: 'submit' | 'approve' | 'announce' | 'start' | 'pause' | 'resume' | 'end' | 'floor.request' | 'floor.withdraw' | 'floor.release' | 'minutes.lock' | 'minutes.unlock' | 'minutes.takeover' | 'minutes.reopen' | 'issue.number' };
export type AgendaSet = { kind: 'agenda.set'; items: { id?: Id; title: string; presenterId?: NullableId; plannedMinutes: number }[] };
export type DocumentRemove = { kind: 'document.remove'; documentId: Id };
export type UnitsInvite = { kind: 'units.invite'; unitIds: Id[]; userIds: Id[] };
export type ReasonCommand = { kind: 'return' | 'cancel' | 'issue.recall'; reason: string };
export type AgendaOpen = { kind: 'agenda.open'; agendaId: Id };
export type FloorGrant = { kind: 'floor.grant'; participantId: Id };
export type StageSet = { kind: 'stage.set'; participantId: NullableId };
export type DocumentPresent = { kind: 'document.present'; documentId: NullableId; page: number };
export type VoteOpen = { kind: 'vote.open'; question: string };
export type VoteCast = { kind: 'vote.cast'; voteId: Id; choice: Choice };
export type VoteClose = { kind: 'vote.close'; voteId: Id };
export type ConclusionAdd = { kind: 'conclusion.add'; text: string };
export type ConclusionRemove = { kind: 'conclusion.remove'; conclusionId: Id };
export type MinutesSave = { kind: 'minutes.save'; baseRevision: number; blocks: Block[] };
export type MinutesFinalise = { kind: 'minutes.finalise'; revision: number };
export type IssueDistribute = { kind: 'issue.distribute'; unitIds: Id[] };
export type IssueReceive = { kind: 'issue.receive'; issueId: Id };
export type Received = { received: number };
export type Uploaded = { document: Document };
export type Block = { type: 'heading' | 'paragraph' | 'item'; runs: { text: string; bold?: boolean; italic?: boolean }[] };
export type Minutes = { issue: Issue | null; keeping: 'none' | 'pending' | 'kept'; state: MinutesState; revision: number; blocks: Block[]; lockedBy: NullablePerson; savedAt: NullableAt; files: { pdf: boolean }; code: PublicCode | null; signatures: { field: SignatureField; name: string; at: At }[] };
export type ExchangeRequest = { field: SignatureField };
export type ExchangeOpened = { id: Id; file: string; upload: string; expiresAt: At };
export type ExchangeStanding = { state: 'open' | 'fetched' | 'returned' | 'done' | 'refused'; refusal: NullableReason };
export type ProgramAnswer = { Status: boolean; Message: string; FileName: string; FileServer: string };
export type KeyRequest = { csr: Base64; renews?: string };
export type KeyState = 'valid' | 'expired' | 'revoked';
export type Key = { serial: string; spki: Sha256; state: KeyState; notAfter: At; revokedAt: NullableAt; revokedWhy: string | null; revokedByOwner: boolean; certificate: Base64 };
export type KeyAskedState = 'pending' | 'approved' | 'rejected' | 'replaced';
export type KeyAsked = { id: Id; spki: Sha256; state: KeyAskedState; askedAt: At; decidedAt: NullableAt; reason: string | null; renews: string | null; serial: string | null };
export type KeyAskedBy = { id: Id; spki: Sha256; state: KeyAskedState; askedAt: At; decidedAt: NullableAt; reason: string | null; renews: string | null; serial: string | null; person: NullablePerson };
export type KeyList = { keys: Key[]; requests: KeyAsked[] };
export type KeyAnswer = { key: Key };
export type KeyAskedAnswer = { request: KeyAsked };
export type KeyRequestList = { requests: KeyAskedBy[] };
export type KeyDecision = { approve: boolean; reason?: string };
export type KeyRevocation = { reason: 'lost' | 'stopped' | 'moved' | 'withdrawn'; why: string };
export type CertificateOf = { serial: string; spki: Sha256; state: KeyState; notAfter: At; revokedAt: NullableAt; revokedWhy: string | null; revokedByOwner: boolean; certificate: Base64; person: NullablePerson };
export type CertificatePage = { certificates: CertificateOf[]; next: string | null };
export type SigningRequest = { field: SignatureField; serial: string };
export type SigningPrepared = { id: Id; file: string; byteRange: number[]; expiresAt: At };
export type SigningAnswer = { signature: Base64 };
export type Signed = { sha256: Sha256; seq: number };
export type Verdict = 'valid' | 'invalid' | 'unsigned' | 'unsupported';
/** By whose rules the file was judged; those for files that other software made. */
export type Profile = 'dienhong' | 'other';
export type Report = { profile: Profile; verdict: Verdict; reason: NullableReason; signatures: SignatureReport[]; sha256: Sha256; pages: number; changes: ChangeReport[]; filled: FilledReport[]; timestamps: TimestampReport[]; revisions: RevisionReport[] };
export type SignatureReport = { field: string; trustedAt: NullableAt; timeSource: 'claimed' | 'timestamp' | 'document'; timestampBy: string | null; revocation: 'unproven' | 'good' | 'revoked_later' | 'revoked'; revokedAt: NullableAt; signer: string | null; role: string | null; at: NullableAt; coversFile: boolean; verdict: 'valid' | 'invalid' | 'unsupported'; reason: NullableReason; certificate: null | { subject: string; issuer: string; serial: string; notAfter: At } };
/** One revision of the file after it was made, in order. */
export type ChangeReport = { kind: 'signed' | 'filled' | 'archived'; field: string };
/** A state of the file; what stands before byte `end` is the file as it was then. */
export type RevisionReport = { end: number; kind: 'made' | 'signed' | 'filled' | 'archived' | 'refused' | 'unknown' };
/** What the clerk filled in. */
export type FilledReport = { field: 'number' | 'date'; text: string };
/** A timestamp of the whole file, oldest first. */
export type TimestampReport = { at: NullableAt; by: string; notAfter: number; reason: NullableReason };
/** Whether an issued file is in force. */
export type Standing = { inForce: boolean; number: string | null; stage: IssueStage | null; distributedAt: NullableAt; recalledAt: NullableAt; reason: string | null; replacedBy: NullableIssueName };
export type FileVerified = { profile: Profile; verdict: Verdict; reason: NullableReason; signatures: SignatureReport[]; sha256: Sha256; pages: number; changes: ChangeReport[]; filled: FilledReport[]; timestamps: TimestampReport[]; revisions: RevisionReport[]; registered: boolean; standing: Standing | null };
export type Verified = FileVerified | PackageReport;
/** A record package, judged from itself and the trusted certificates alone. */
export type PackageReport = { verdict: 'whole' | 'broken'; wrong: null | { code: string; vi: string; en: string; where: string; row: number; paper: string | null }; meeting: string; code: string; title: string; rows: number; files: number; papers: number; head: string; found: PackageFound[] };
/** What came out about one file of a record package. */
export type PackageFound = { path: string; size: number; state: 'whole' | 'changed' | 'missing' | 'extra'; verdict: Verdict | null; reason: NullableReason; signatures: number };
export type CodeVerified = { registered: { title: string; meeting: string; issuedAt: At; sha256: Sha256; standing: Standing }; report: Report };
export type IssueType = 'BB' | 'GM' | 'TB' | 'NQ';
export type IssueStage = 'numbered' | 'written' | 'sealed' | 'distributed' | 'recalled';
export type SealRequest = { pin: string };
export type IssueName = { id: Id; number: string; code: PublicCode };
export type NullableIssueName = IssueName | null;
export type Issue = { id: Id; meeting: Id; number: string; type: IssueType; year: number; title: string; stage: IssueStage; signer: Person; code: PublicCode; sha256: Sha256; numberedAt: At; sealedAt: NullableAt; distributedAt: NullableAt; recalledAt: NullableAt; reason: string | null; replacedBy: NullableIssueName; recipients: number; received: number };
export type Recipient = { unit: UnitName; receivedAt: NullableAt; recallSeenAt: NullableAt };
export type IssueWhole = { issue: Issue; recipients: Recipient[]; may: Action[] };
export type IssuePage = { issues: Issue[]; years: number[]; next: string | null };
export type DeskPaper = { meeting: Id; title: string; signer: Person; signedAt: NullableAt; issue: Issue | null; may: Action[] };
export type Desk = { waiting: DeskPaper[]; overdue: Issue[] };
export type Incoming = { issue: Issue; receivedAt: NullableAt; recallSeenAt: NullableAt };
export type IncomingList = { issues: Incoming[] };
export type SeatRequest = { use: 'whip' | 'whep' };
export type Seat = { token: Token; url: string };
export type LineTestPlan = { receivers: number; senders: number };
export type LineTestStarted = { id: Id; token: Token; receivers: number; senders: number; expiresAt: At };
export type LineTest = { id: Id; receivers: number; senders: number; expiresAt: At; open: number; joined: number; connected: number; stage: SourceOrNone };
export type LiveClientMessage = LiveJoin | LiveRestart | LiveWatch | LiveSending | LivePing | LiveStage;
export type LiveJoin = { type: 'join'; sdp: string; resume?: Token; tiles: number };
export type LiveRestart = { type: 'restart'; sdp: string };
export type LiveWatch = { type: 'watch'; tiles: SourceOrNone[]; stageHeight: number; screenHeight: number; tileHeight: number };
export type LiveSending = { type: 'media'; microphone: boolean; camera: boolean; screen: boolean };
export type LivePing = { type: 'ping'; n: number };
/** Of a line test's seats alone. */
export type LiveStage = { type: 'stage'; source: Source };
export type LiveServerMessage = LiveHello | LiveWait | LiveJoined | LiveAnswer | LiveEvent | LiveCrowd | LiveMay | LiveSlots | LiveSpeakers | LiveLayers | LiveMedia | LiveError | LivePong;
export type LiveHello = { type: 'hello'; seq: number; participantId: Id; source: SourceOrNone; token: Token };
/** Many join at once; this join's turn comes in about so many seconds. */
export type LiveWait = { type: 'wait'; ahead: number; seconds: number };
export type LiveJoined = { type: 'joined'; sdp: string; resume: Token; seat: string };
export type LiveAnswer = { type: 'answer'; sdp: string };
export type LiveEvent = { type: 'event'; seq: number; at: At; actor: NullableId; kind: string; body: Record<string, unknown>; participant?: Participant };
/** The events from `from` to `seq`, all of them coming, going or ballots. */
export type LiveCrowd = { type: 'crowd'; from: number; seq: number; present: number; stage: NullableId; holder: NullableId; queue: number; votes: { id: Id; cast: number }[]; participants: Participant[] | null };
export type LiveMay = { type: 'may'; actions: Action[] };
export type LiveSlots = { type: 'slots'; number: number; stage: SourceOrNone; screen: SourceOrNone; tiles: SourceOrNone[] };
export type LiveSpeakers = { type: 'speakers'; sources: Source[] };
export type LiveLayers = { type: 'layers'; camera: boolean[]; screen: boolean };
export type LiveMedia = { type: 'media'; source: Source; microphone: boolean; camera: boolean; screen: boolean };
export type LiveError = { type: 'error'; code: string; vi: string; en: string; fatal: boolean };
export type LivePong = { type: 'pong'; n: number };
