using CleanRoom.Cryptography.Sealing;
using CleanRoom.Engine.Loading;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Protocol;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Partitions;

/// <summary>Decrypts what one partition's columns need and runs the generated SQL over it. The grain's logic without a silo.</summary>
internal sealed class PartitionRun(PartitionServices services)
{
    private const long BytesOfReader = 8 << 20;

    private readonly HotColumns _hot = new(services);

    /// <summary>Runs it.</summary>
    /// <param name="assignment">What to run over what.</param>
    /// <param name="cancellationToken">Kills the engine.</param>
    /// <returns>
    /// The engine's run, or why it did not start: <see cref="RefusalCode.SealInvalid"/> or <see cref="RefusalCode.PartInvalid"/> for a stored
    /// object that is not what the ledger names, <see cref="RefusalCode.TooManyRequests"/> without memory at present.
    /// </returns>
    public async Task<Result<EngineRun>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken)
    {
        if (!(await services.Keyring.OpenAsync(assignment.Collaboration, cancellationToken)).TryGet(out var room, out var locked))
        {
            return locked;
        }

        if (await services.Turns.TakeAsync(assignment.Collaboration, cancellationToken) is { } busy)
        {
            return busy;
        }

        var leases = new List<(ColumnKey Key, ColumnLease Columns)>(assignment.Inputs.Length);
        var gone = Task.CompletedTask;
        try
        {
            foreach (var input in assignment.Inputs)
            {
                if (!(await LeaseAsync(room, assignment.Collaboration, input, cancellationToken)).TryGet(out var lease, out var refusals))
                {
                    return refusals;
                }

                leases.Add(lease);
            }

            var job = new EngineJob
            {
                Sql = assignment.Sql,
                Inputs = [.. leases.Select(lease => new EngineInput([lease.Columns.File]))],
                Limits = new EngineLimits
                {
                    MemoryBytes = services.Limits.EngineMemoryBytes,
                    WallClock = services.Limits.EngineWallClock,
                    MaxOutputBytes = services.Limits.EngineOutputBytes,
                    Threads = services.Limits.EngineThreads,
                },
            };
            (var run, gone) = await services.Engine.AnswerAsync(job, progress: null, cancellationToken);
            return run;
        }
        finally
        {
            // The rows need not wait until a gigabyte is zeroed.
            _ = GiveBackAsync(assignment, leases, gone);
        }
    }

    private async Task GiveBackAsync(PartitionAssignment assignment, List<(ColumnKey Key, ColumnLease Columns)> leases, Task gone)
    {
        try
        {
            await gone.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        }
        finally
        {
            services.Turns.Give();
        }

        try
        {
            foreach (var (input, lease) in assignment.Inputs.Zip(leases))
            {
                await _hot.ArrangeAsync(lease.Key, input, lease.Columns.File);
            }
        }
        finally
        {
            leases.ForEach(lease => lease.Columns.Dispose());
        }
    }

    /// <summary>Takes the columns from those that are kept, all of their rows or those within the bounds, or decrypts them.</summary>
    private async Task<Result<(ColumnKey Key, ColumnLease Columns)>> LeaseAsync(RoomKeys room, string collaboration, PartitionInput input, CancellationToken cancellationToken)
    {
        var whole = ColumnKey.Of(collaboration, input.Name, input.Columns);
        var within = whole.Within(input.Bounds);
        ColumnKey[] keys = input.Bounds.IsEmpty ? [whole] : [whole, within];
        var moment = 0L;
        foreach (var key in keys)
        {
            if (services.Kept.Take(key, out moment) is { } kept)
            {
                RoomMetrics.ColumnsRead(wereKept: true);
                return (key, kept);
            }
        }

        RoomMetrics.ColumnsRead(wereKept: false);
        var loaded = await LoadAsync(room, collaboration, input, cancellationToken);
        while (loaded is { IsAccepted: false, Refusals: [{ Code: RefusalCode.TooManyRequests }, ..] } && services.Kept.MakeRoom())
        {
            loaded = await LoadAsync(room, collaboration, input, cancellationToken);
        }

        return loaded.Then(columns =>
        {
            var key = columns.IsWhole ? whole : within;
            return Result.Accept((key, services.Kept.Keep(key, columns.File, moment)));
        });
    }

    private async Task<Result<LoadedColumns>> LoadAsync(RoomKeys room, string collaboration, PartitionInput input, CancellationToken cancellationToken)
    {
        var position = new DerivedPosition
        {
            Collaboration = collaboration,
            Dataset = input.Dataset,
            ManifestDigest = Digest.Parse(input.ManifestDigest),
            Name = input.Name,
            Partition = input.Partition,
        };
        var readers = new List<DerivedSource>();
        try
        {
            // One for each processor, as far as there is enough to do.
            var count = Math.Clamp(input.PlaintextBytes / BytesOfReader, 1, services.Limits.EngineThreads);
            for (var i = 0; i < count; i++)
            {
                var stored = await services.Objects.OpenReadAsync(ObjectContainer.Derived, ObjectName.Parse(input.Name), cancellationToken);
                if (!(await DerivedSource.OpenAsync(stored, room.Keys.Storage, position.AssociatedData(), cancellationToken)).TryGet(out var reader, out var refusals))
                {
                    return refusals;
                }

                readers.Add(reader);
                if (reader.PlaintextLength != input.PlaintextBytes)
                {
                    return new Refusal(RefusalCode.SealInvalid, $"a derived object of {input.PlaintextBytes} bytes", $"{reader.PlaintextLength} bytes");
                }
            }

            return await EngineInputLoader.LoadAsync(
                readers, input.Columns, [.. input.Bounds.Select(bound => new ColumnWithin(bound.Column, bound.Least, bound.Greatest))], services.Memory, cancellationToken);
        }
        finally
        {
            foreach (var reader in readers)
            {
                await reader.DisposeAsync();
            }
        }
    }
}
