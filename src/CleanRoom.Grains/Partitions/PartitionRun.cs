using System.Collections.Immutable;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Engine.Loading;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Partitions;

/// <summary>Decrypts what one partition's columns need and runs the generated SQL over it. The grain's logic without a silo.</summary>
internal sealed class PartitionRun(PartitionServices services)
{
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

        var files = ImmutableArray.CreateBuilder<AnonymousFile>(assignment.Inputs.Length);
        try
        {
            foreach (var input in assignment.Inputs)
            {
                var loaded = await LoadAsync(room, assignment.Collaboration, input, cancellationToken);
                if (!loaded.TryGet(out var file, out var refusals))
                {
                    return refusals;
                }

                files.Add(file);
            }

            var job = new EngineJob
            {
                Sql = assignment.Sql,
                Inputs = [.. files.Select(file => new EngineInput([file]))],
                Limits = new EngineLimits
                {
                    MemoryBytes = services.Limits.EngineMemoryBytes,
                    WallClock = services.Limits.EngineWallClock,
                    MaxOutputBytes = services.Limits.EngineOutputBytes,
                    Threads = services.Limits.EngineThreads,
                },
            };
            return await services.Engine.RunAsync(job, progress: null, cancellationToken);
        }
        finally
        {
            foreach (var file in files)
            {
                file.Dispose();
            }

            services.Turns.Give();
        }
    }

    private async Task<Result<AnonymousFile>> LoadAsync(
        RoomKeys room, string collaboration, PartitionInput input, CancellationToken cancellationToken)
    {
        var name = ObjectName.Parse(input.Name);
        var stored = await services.Objects.OpenReadAsync(ObjectContainer.Derived, name, cancellationToken);
        var position = new DerivedPosition
        {
            Collaboration = collaboration,
            Dataset = input.Dataset,
            ManifestDigest = Digest.Parse(input.ManifestDigest),
            Name = input.Name,
            Partition = input.Partition,
        };
        var opened = await SealedStreamReader.OpenAsync(
            services.Backend, room.Keys.Storage, position.AssociatedData(), new StreamSealedSource(stored), cancellationToken);
        if (!opened.TryGet(out var reader, out var refusals))
        {
            await stored.DisposeAsync();
            return refusals;
        }

        await using var source = new DerivedSource(stored, reader);
        return reader.PlaintextLength == input.PlaintextBytes
            ? await EngineInputLoader.LoadAsync(source, input.Columns, services.Memory, cancellationToken)
            : new Refusal(RefusalCode.SealInvalid, $"a derived object of {input.PlaintextBytes} bytes", $"{reader.PlaintextLength} bytes");
    }
}
