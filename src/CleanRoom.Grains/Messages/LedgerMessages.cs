using System.Collections.Immutable;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Grains.Messages;

/// <summary>Where an appended statement stands.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.appended")]
public sealed record Appended([property: Id(0)] long Sequence, [property: Id(1)] string Checkpoint);

/// <summary>A run of rows in order, as encoded, and the newest signed note with cosignatures.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.rows")]
public sealed record LedgerPage(
    [property: Id(0)] ImmutableArray<byte[]> Rows,
    [property: Id(1)] long Size,
    [property: Id(2)] string Checkpoint);

/// <summary>What a member or witness needs to know before it acts.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.status")]
public sealed record RoomStatus(
    [property: Id(0)] RoomMode Mode,
    [property: Id(1)] string Reason,
    [property: Id(2)] byte[] BootNonce,
    [property: Id(3)] ImmutableArray<string> MissingWitnesses,
    [property: Id(4)] string Checkpoint);

/// <summary>A submitted query: its digest, the encoded verdict and where the query stands.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.submitted")]
public sealed record Submitted(
    [property: Id(0)] string QueryDigest,
    [property: Id(1)] byte[] Verdict,
    [property: Id(2)] Appended Appended);

/// <summary>A question about a query that is not appended.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.explain")]
public sealed record ExplainRequest(
    [property: Id(0)] string Analyst,
    [property: Id(1)] string? Sql,
    [property: Id(2)] string? TemplateDigest,
    [property: Id(3)] ImmutableSortedDictionary<string, string> Parameters,
    [property: Id(4)] ImmutableArray<string> Receivers);

/// <summary>A verdict and, apart, the codes that need the ledger.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.explained")]
public sealed record Explained([property: Id(0)] byte[] Verdict, [property: Id(1)] ImmutableArray<string> State);

/// <summary>A member that has proved itself.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.signed-in")]
public sealed record SignedIn([property: Id(0)] string Collaborator, [property: Id(1)] string Member);

/// <summary>A new collaboration.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.proposed")]
public sealed record Proposed([property: Id(0)] string Collaboration, [property: Id(1)] string Checkpoint);
