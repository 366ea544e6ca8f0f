using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Cryptography;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Engine.Loading;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Queries;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Noise;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Twins;

/// <summary>Answers a query on made-up files, with the engine, the SQL and the gate of a real run: what an approver may expect to leave.</summary>
/// <remarks>Nothing of it comes from data, so it costs no budget and says nothing about anybody. Spec: contracts/spec/0008 s.10.</remarks>
/// <param name="engine">Runs the generated SQL.</param>
/// <param name="memory">Where the files' columns go.</param>
public sealed class TwinRun(EngineRunner engine, AnonymousFilePool memory)
{
    private const int MostRows = 100;
    private const int MostEngineRows = 100_000;

    private static readonly EngineLimits _limits = new()
    {
        MemoryBytes = 512L << 20, WallClock = TimeSpan.FromSeconds(30), MaxOutputBytes = 16 << 20, Threads = 1,
    };

    /// <summary>Answers.</summary>
    /// <param name="contract">The verdict's contract.</param>
    /// <param name="verdict">The digest of the verdict: the same verdict, the same answer.</param>
    /// <param name="plan">The plan that the verdict is on.</param>
    /// <param name="cancellationToken">Kills the engine.</param>
    /// <returns>At most 100 rows; or <see cref="RefusalCode.QueryFailed"/> where no file fits what the contract declares, or the engine failed;
    /// <see cref="RefusalCode.TooManyRequests"/> without memory at present.</returns>
    public async Task<Result<TwinAnswer>> AnswerAsync(Contract contract, Digest verdict, QueryPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(plan);

        // Nobody has asked about these people before.
        var alone = plan with { History = null };
        var query = EngineQuery.Of(alone, contract, alone.Noise is null ? [] : Derive("twin salt", verdict));
        var files = ImmutableArray.CreateBuilder<AnonymousFile>(query.Inputs.Length);
        try
        {
            foreach (var input in query.Inputs)
            {
                var dataset = contract.Datasets.Single(dataset => dataset.SqlName == input.Dataset);
                if (!(await LoadAsync(contract, dataset, input.Columns, verdict, cancellationToken)).TryGet(out var file, out var refusals))
                {
                    return refusals;
                }

                files.Add(file);
            }

            return (await RunAsync(alone, query.Sql, files, verdict, cancellationToken)).Then(table => Result.Accept(new TwinAnswer(
                table with { Rows = [.. table.Rows.Take(MostRows)] }, TwinFile.People(contract))));
        }
        finally
        {
            foreach (var file in files)
            {
                file.Dispose();
            }
        }
    }

    private async Task<Result<AnonymousFile>> LoadAsync(
        Contract contract, Dataset dataset, IReadOnlyCollection<string> columns, Digest verdict, CancellationToken cancellationToken)
    {
        // Identifiers are stored as tokens, as in a room; the key of these is public.
        using var key = SecretBytes.CopyOf(Derive("twin key", verdict).AsSpan());
        using var identifiers = new RoomIdentifiers(contract, key);
        using var file = new MemoryStream(TwinFile.Make(dataset, TwinFile.People(contract), verdict), writable: false);
        using var parquet = new MemoryStream();
        var ingest = await DatasetIngest.RunAsync(file, dataset, identifiers, parquet, progress: null, cancellationToken);
        return ingest.Report.Accepted
            ? await EngineInputLoader.LoadAsync([new PlainSource(parquet.ToArray())], columns, memory, cancellationToken)
            : new Refusal(RefusalCode.QueryFailed, $"made-up rows that fit what the contract declares of {dataset.SqlName}", $"{ingest.Report.Problems[0].Kind} in {ingest.Report.Problems[0].Column}");
    }

    private async Task<Result<ReleasedTable>> RunAsync(
        QueryPlan plan, string sql, IReadOnlyCollection<AnonymousFile> files, Digest verdict, CancellationToken cancellationToken)
    {
        var run = await engine.RunAsync(
            new EngineJob { Sql = sql, Inputs = [.. files.Select(file => new EngineInput([file]))], Limits = _limits },
            progress: null,
            cancellationToken);
        return run.Outcome
            .Then(output => EngineRows.Read(output.Encoded, MostEngineRows))
            .Then(rows => EngineCells.Of(plan, rows))
            .Then(rows => Gate(plan, rows, verdict));
    }

    private static Result<ReleasedTable> Gate(QueryPlan plan, ImmutableArray<ImmutableArray<CellValue>> rows, Digest verdict)
    {
        try
        {
            if (plan.Tier == PolicyTier.List)
            {
                return ListGate.Apply(plan, rows).Table;
            }

            if (plan.Noise is null)
            {
                return ThresholdGate.Apply(plan, rows);
            }

            using var noise = new NoiseSeed(Derive("twin noise", verdict).AsSpan());
            return NoiseGate.Apply(plan, rows, noise);
        }
        catch (ArgumentException)
        {
            return EngineCells.Refused;
        }
    }

    /// <summary>A public value: the noise of a twin hides nobody.</summary>
    private static ImmutableArray<byte> Derive(string label, Digest verdict) => [.. SHA256.HashData([.. Encoding.UTF8.GetBytes(label), .. verdict.ToArray()])];

    private sealed class PlainSource(byte[] bytes) : ISealedSource
    {
        public long PlaintextLength => bytes.Length;

        public ValueTask<Refusal?> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
            return ValueTask.FromResult<Refusal?>(null);
        }
    }
}

/// <summary>An answer about nobody.</summary>
/// <param name="Table">What would leave.</param>
/// <param name="People">The number of made-up people.</param>
public sealed record TwinAnswer(ReleasedTable Table, int People)
{
    /// <summary>Returns the table as an Arrow IPC stream, like the payload of a result.</summary>
    public byte[] ToArrow() => ReleasedArrow.Encode(Table);
}
