using System.Collections.Immutable;
using CleanRoom.Cli.Commands.Demo.Narration;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>Where the story is played, on what, and who listens.</summary>
internal sealed record StorySetting
{
    public required ClientServices Services { get; init; }

    /// <summary>Gets where the room answers.</summary>
    public required RoomAddress Address { get; init; }

    /// <summary>Gets the contract's text as the example has it, and the files.</summary>
    public required DemoData Data { get; init; }

    /// <summary>Gets the machines that the contract of the story accepts.</summary>
    public required ImmutableArray<ReferenceTuple> Accepted { get; init; }

    public required INarrator Narrator { get; init; }

    /// <summary>Gets what is tampered with; <see cref="TamperKind.None"/> for nothing.</summary>
    public required TamperKind Tamper { get; init; }

    /// <summary>Gets the room's data directory, which the operator of the machine can read and change.</summary>
    public required DirectoryInfo OperatorDirectory { get; init; }

    /// <summary>Gets where the receipt is written.</summary>
    public required FileInfo Receipt { get; init; }

    /// <summary>Gets what happens at a moment of the story, such as a fault that a test makes.</summary>
    public Func<StoryMoment, Task> At { get; init; } = _ => Task.CompletedTask;
}

/// <summary>What the operator, or someone on the way, tampers with.</summary>
internal enum TamperKind
{
    None = 0,

    /// <summary>A byte of a sealed part in the store.</summary>
    Part = 1,

    /// <summary>A bit of a signature on the contract.</summary>
    Signature = 2,

    /// <summary>The list of parts in a signed manifest.</summary>
    Manifest = 3,

    /// <summary>The code that runs in the TEE.</summary>
    Tee = 4,
}

/// <summary>A moment of the story.</summary>
internal enum StoryMoment
{
    None = 0,

    /// <summary>The contract is in force.</summary>
    Agreed = 1,

    /// <summary>All parts are uploaded and granted; the guest takes them in.</summary>
    Uploaded = 2,

    /// <summary>The last approval is given: the run begins.</summary>
    Approved = 3,

    /// <summary>The answer is in the ledger.</summary>
    Answered = 4,
}
