using CleanRoom.Client.Results;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>A list as its receiver has it.</summary>
/// <param name="Query">The query.</param>
/// <param name="Run">The run in the ledger.</param>
/// <param name="Opened">The opened answer.</param>
/// <param name="Table">Its rows.</param>
internal sealed record ListAnswer(Digest Query, RunState Run, OpenedResult Opened, ArrowTable Table)
{
    /// <summary>Gets what the ledger says of whose rows left.</summary>
    public ReleaseRecord Release => Run.Result!.Releases!.Value.Single();

    /// <summary>Gets the rows as lines.</summary>
    public IReadOnlyList<string> Lines => [.. Table.Rows.Select(row => string.Join(",", row))];
}
