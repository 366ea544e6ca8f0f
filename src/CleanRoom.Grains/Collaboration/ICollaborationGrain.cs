using System.Collections.Immutable;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;

namespace CleanRoom.Grains.Collaboration;

/// <summary>One collaboration: its log and what follows from it. What a gateway may ask for. Key: the collaboration's id.</summary>
/// <remarks>Every byte argument is attacker-controlled: it is parsed, verified and folded here, whoever sent it.</remarks>
[GrainInterfaceType("cleanroom.collaboration")]
[Alias("cleanroom.collaboration")]
public interface ICollaborationGrain : IGrainWithStringKey
{
    /// <summary>Appends a member's statement: an encoded envelope.</summary>
    [Alias("append")]
    Task<GrainReply<Appended>> AppendAsync(byte[] envelope);

    /// <summary>Analyses a query, refuses it with the verdict's codes, or appends it and the verdict.</summary>
    [Alias("submit")]
    Task<GrainReply<Submitted>> SubmitAsync(byte[] envelope);

    /// <summary>Analyses without appending: the encoded verdict and the state codes.</summary>
    [Alias("explain")]
    Task<GrainReply<Explained>> ExplainAsync(ExplainRequest request);

    /// <summary>Reads rows in order, at most 256 at a time.</summary>
    [Alias("read")]
    Task<GrainReply<LedgerPage>> ReadAsync(long from, int count);

    /// <summary>Says what the room may do at present.</summary>
    [Alias("status")]
    Task<GrainReply<RoomStatus>> StatusAsync();

    /// <summary>Takes a witness's answer for this start: an encoded <c>FreshnessWitness</c> and its Ed25519 signature.</summary>
    [Alias("witness")]
    Task<GrainReply<RoomStatus>> WitnessAsync(byte[] witness, byte[] signature);

    /// <summary>Says what evidence for this collaboration is bound to: the node that holds the asker's channel attests itself.</summary>
    [Alias("subject")]
    Task<GrainReply<RoomSubject>> SubjectAsync();

    /// <summary>Returns the encoded code endorsements under the contract in force that have not ended.</summary>
    [Alias("endorsements")]
    Task<GrainReply<ImmutableArray<byte[]>>> EndorsementsAsync();

    /// <summary>Names the member that a sign-in is by, when its signature and delegation hold.</summary>
    [Alias("sign-in")]
    Task<GrainReply<SignedIn>> SignInAsync(byte[] envelope, byte[] challenge, string bindingDigest);

    /// <summary>Says whether a collaborator may upload a version of a dataset now, and what is kept for the room.</summary>
    [Alias("may-upload")]
    Task<GrainReply<RoomStorage>> MayUploadAsync(string collaborator, string dataset);

    /// <summary>Says whether a collaborator owns a dataset version.</summary>
    [Alias("may-read-report")]
    Task<GrainReply<string>> MayReadReportAsync(string collaborator, string manifestDigest);

    /// <summary>Reads rows of a collaborator's own budget log for one unit domain, for an owner or auditor of it; at most 256 at a time.</summary>
    [Alias("read-budget-log")]
    Task<GrainReply<LedgerPage>> ReadBudgetLogAsync(string collaborator, string member, string domain, long from, int count);

    /// <summary>Says where a query stands in the ledger.</summary>
    [Alias("query")]
    Task<GrainReply<QueryView>> QueryAsync(string queryDigest);
}

/// <summary>What silos ask each other. Callers that are not silos are refused.</summary>
[GrainInterfaceType("cleanroom.collaboration.internal")]
[Alias("cleanroom.collaboration.internal")]
public interface ICollaborationInternalGrain : IGrainWithStringKey, IInternalGrain
{
    /// <summary>Starts a new log: row 0, the delegations, the first contract.</summary>
    [Alias("create")]
    Task<GrainReply<Appended>> CreateAsync(byte[] genesis, ImmutableArray<byte[]> envelopes);

    /// <summary>Appends a statement of this node: an encoded document that the grain signs.</summary>
    [Alias("append-as-node")]
    Task<GrainReply<Appended>> AppendAsNodeAsync(byte[] document);

    /// <summary>Appends a result and its receipt as one.</summary>
    [Alias("commit")]
    Task<GrainReply<Appended>> CommitAsync(byte[] result);

    /// <summary>Charges a run unless one is open, and says all that it needs. Follows an ended run only when the author asked for it.</summary>
    [Alias("begin-run")]
    Task<GrainReply<RunAssignment>> BeginRunAsync(string queryDigest, bool mayRunAgain);

    /// <summary>Returns a query and its contract, encoded.</summary>
    [Alias("question")]
    Task<GrainReply<QuestionView>> QuestionAsync(string queryDigest);

    /// <summary>Returns the encoded ingest statement of a dataset version; empty while there is none.</summary>
    [Alias("ingest-of")]
    Task<GrainReply<byte[]>> IngestOfAsync(string manifestDigest);

    /// <summary>Says all that taking in a dataset version needs.</summary>
    [Alias("begin-ingest")]
    Task<GrainReply<IngestAssignment>> BeginIngestAsync(string manifestDigest);
}
