using CleanRoom.Protocol;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>A question that was answered.</summary>
/// <param name="Query">Its digest.</param>
/// <param name="Rows">The answer's rows as text.</param>
/// <param name="Answered">From its signature to the row of its sealed answer in the ledger.</param>
/// <param name="Opened">From its signature to the answer in clear at the one who asked.</param>
internal sealed record Asked(Digest Query, List<string[]> Rows, TimeSpan Answered, TimeSpan Opened);
