using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Grains.Budgets;

/// <summary>Whose budget log it is.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.budget-subject")]
public sealed record BudgetSubject(byte[] OwnerKey, string Domain);

/// <summary>A cap between silos: see <see cref="OwnerCap"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.budget-cap")]
public sealed record BudgetCap(string Dataset, long NanoRho, long AttoDelta, string? Version);

/// <summary>A checkpoint between silos.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.budget-pin")]
public sealed record BudgetPin(string BudgetLog, long Size, string Root);

/// <summary>What a collaboration has booked: a run, its cost, and the newest checkpoint of the log that it knows.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.budget-order")]
public sealed record BudgetOrder
{
    [Id(0)]
    public required BudgetSubject Subject { get; init; }

    [Id(1)]
    public required string Owner { get; init; }

    [Id(2)]
    public required string Collaboration { get; init; }

    [Id(3)]
    public required string QueryDigest { get; init; }

    [Id(4)]
    public required int Run { get; init; }

    [Id(5)]
    public required long NanoRho { get; init; }

    [Id(6)]
    public required long AttoDelta { get; init; }

    [Id(7)]
    public required ImmutableArray<string> Versions { get; init; }

    [Id(8)]
    public required ImmutableArray<BudgetCap> Caps { get; init; }

    [Id(9)]
    public required BudgetPin? Pinned { get; init; }

    /// <summary>Makes an order of what <see cref="IOwnerBudgets.BookAsync"/> is asked.</summary>
    public static BudgetOrder Of(BookedRun run, OwnerCost cost, Checkpoint? pinned) => new()
    {
        Subject = new BudgetSubject(cost.OwnerKey.ToArray(), cost.Domain),
        Owner = cost.Owner,
        Collaboration = run.Collaboration,
        QueryDigest = run.QueryDigest.ToString(),
        Run = run.Run,
        NanoRho = cost.NanoRho,
        AttoDelta = cost.AttoDelta,
        Versions = [.. cost.Versions.Select(version => version.ToString())],
        Caps = [.. cost.Caps.Select(cap => new BudgetCap(cap.Dataset, cap.NanoRho, cap.AttoDelta, cap.Version?.ToString()))],
        Pinned = pinned is null ? null : new BudgetPin(pinned.Origin, pinned.Size, pinned.Root.ToString()),
    };

    internal BookedRun ToRun() => new(Collaboration, Digest.Parse(QueryDigest), Run);

    internal OwnerCost ToCost() => new(
        Owner,
        new Bytes(Subject.OwnerKey),
        Subject.Domain,
        NanoRho,
        AttoDelta,
        [.. Versions.Select(version => Digest.Parse(version))],
        [.. Caps.Select(cap => new OwnerCap(cap.Dataset, cap.NanoRho, cap.AttoDelta, cap.Version is { } version ? Digest.Parse(version) : null))]);

    internal Checkpoint? ToPinned() => Pinned is { } pin ? new Checkpoint(pin.BudgetLog, pin.Size, Digest.Parse(pin.Root)) : null;
}

/// <summary>A <see cref="BudgetProof"/> between silos.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.budget-shown")]
public sealed record BudgetShown
{
    [Id(0)]
    public required string Owner { get; init; }

    [Id(1)]
    public required string Domain { get; init; }

    [Id(2)]
    public required string BudgetLog { get; init; }

    [Id(3)]
    public required byte[] CheckpointKey { get; init; }

    [Id(4)]
    public required byte[] Row { get; init; }

    [Id(5)]
    public required ImmutableArray<string> Inclusion { get; init; }

    [Id(6)]
    public required string Checkpoint { get; init; }

    [Id(7)]
    public required ImmutableArray<string> Consistency { get; init; }

    internal static BudgetShown Of(BudgetProof proof) => new()
    {
        Owner = proof.Owner,
        Domain = proof.Domain,
        BudgetLog = proof.BudgetLog,
        CheckpointKey = proof.CheckpointKey.ToArray(),
        Row = proof.Row.ToArray(),
        Inclusion = [.. proof.Inclusion.Select(digest => digest.ToString())],
        Checkpoint = proof.Checkpoint,
        Consistency = [.. proof.Consistency.Select(digest => digest.ToString())],
    };

    internal BudgetProof ToProof() => new()
    {
        Owner = Owner,
        Domain = Domain,
        BudgetLog = BudgetLog,
        CheckpointKey = new Bytes(CheckpointKey),
        Row = new Bytes(Row),
        Inclusion = [.. Inclusion.Select(digest => Digest.Parse(digest))],
        Checkpoint = Checkpoint,
        Consistency = [.. Consistency.Select(digest => Digest.Parse(digest))],
    };
}
