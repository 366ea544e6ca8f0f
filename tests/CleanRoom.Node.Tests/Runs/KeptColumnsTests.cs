using CleanRoom.Engine.Memory;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage.Objects;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>Decrypted columns that are kept for the next run, and how they go. Spec: contracts/spec/0010 s.6.1.</summary>
public sealed class KeptColumnsTests(EngineParts engine) : IDisposable
{
    private const int Bytes = 1_000;

    private readonly FakeTimeProvider _time = new();
    private readonly AnonymousFilePool _pool = new(1_000 * Bytes);

    private static ColumnKey People { get; } = ColumnKey.Of("room", "people", ["id", "age"]);

    [Fact]
    public void Take_sameColumnsOfTheSameObject_areThere()
    {
        using var kept = Kept();
        var file = Keep(kept, People);

        using var again = kept.Take(ColumnKey.Of("room", "people", ["age", "id"]), out _);

        again!.File.Should().BeSameAs(file);
        kept.Take(ColumnKey.Of("room", "people", ["id"]), out _).Should().BeNull("an engine finds no column that its query does not read");
        kept.Take(ColumnKey.Of("room", "people", ["id", "age", "sex"]), out _).Should().BeNull();
        kept.Take(ColumnKey.Of("room", "others", ["id", "age"]), out _).Should().BeNull();
        kept.Take(ColumnKey.Of("another", "people", ["id", "age"]), out _).Should().BeNull();
    }

    [Fact]
    public void Keep_moreThanThereIsRoomFor_letsGoWhatWasUsedLongestAgo()
    {
        using var kept = Kept(bytes: 2 * Bytes);
        var (first, second) = (Keep(kept, People with { Name = "1" }), Keep(kept, People with { Name = "2" }));
        kept.Take(People with { Name = "1" }, out _)!.Dispose();

        Keep(kept, People with { Name = "3" });

        first.IsZeroed().Should().BeFalse();
        second.IsZeroed().Should().BeTrue();
        kept.Bytes.Should().Be(2 * Bytes);
    }

    [Fact]
    public void Keep_moreThanAll_isTheRunsAlone()
    {
        using var kept = Kept(bytes: Bytes - 1);

        Keep(kept, People).IsZeroed().Should().BeTrue();

        kept.Bytes.Should().Be(0);
    }

    [Fact]
    public void Forget_columnsThatNobodyReads_areZeroedAtOnceAndOthersAtTheirRunsEnd()
    {
        using var kept = Kept();
        var (idle, other) = (Keep(kept, People), Keep(kept, People with { Collaboration = "another" }));
        var read = kept.Keep(People with { Name = "read" }, File(), 0);

        kept.Forget("room");

        idle.IsZeroed().Should().BeTrue();
        read.File.IsZeroed().Should().BeFalse("a run reads them");
        other.IsZeroed().Should().BeFalse();
        kept.Take(People with { Name = "read" }, out _).Should().BeNull();
        read.Dispose();
        read.File.IsZeroed().Should().BeTrue();
        kept.Bytes.Should().Be(Bytes);
    }

    /// <summary>A revocation while columns are decrypted: they must not stay because they came a moment later.</summary>
    [Fact]
    public void Keep_whatWasDecryptedBeforeSomethingWasLetGo_isNotKept()
    {
        using var kept = Kept();
        kept.Take(People, out var moment).Should().BeNull();
        kept.Forget("room");

        var lease = kept.Keep(People, File(), moment);
        lease.Dispose();

        lease.File.IsZeroed().Should().BeTrue();
        kept.Bytes.Should().Be(0);
    }

    [Fact]
    public void Keep_theSameTwice_isKeptOnce()
    {
        using var kept = Kept();
        var first = Keep(kept, People);

        Keep(kept, People).IsZeroed().Should().BeTrue();

        first.IsZeroed().Should().BeFalse();
        kept.Bytes.Should().Be(Bytes);
    }

    [Fact]
    public void Time_columnsThatNobodyUses_areLetGo()
    {
        using var kept = Kept();
        var (unused, used) = (Keep(kept, People), Keep(kept, People with { Name = "used" }));
        using var read = kept.Keep(People with { Name = "read" }, File(), 0);
        _time.Advance(TimeSpan.FromMinutes(6));
        kept.Take(People with { Name = "used" }, out _)!.Dispose();

        _time.Advance(TimeSpan.FromMinutes(5));

        unused.IsZeroed().Should().BeTrue();
        used.IsZeroed().Should().BeFalse();
        read.File.IsZeroed().Should().BeFalse();
    }

    [Fact]
    public void MakeRoom_idleColumns_goOneByOne()
    {
        using var kept = Kept();
        var idle = Keep(kept, People);
        using var read = kept.Keep(People with { Name = "read" }, File(), 0);

        kept.MakeRoom().Should().BeTrue();
        idle.IsZeroed().Should().BeTrue();
        kept.MakeRoom().Should().BeFalse("what is left is read");
    }

    [Fact]
    public void Dispose_everything_isZeroed()
    {
        var kept = Kept();
        var file = Keep(kept, People);

        kept.Dispose();

        file.IsZeroed().Should().BeTrue();
    }

    [Fact]
    public async Task Run_sameColumnsAgain_areNotDecryptedAgain()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();

        (await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 1")).Should().Be("120");
        node.Kept.Bytes.Should().BePositive();
        var derived = room.State.CurrentDataset(Scene.People)!.Ingest!.Derived.Single();
        await machine.Objects.DeleteAsync(ObjectContainer.Derived, ObjectName.Parse(derived.Name), CancellationToken.None);
        await machine.Objects.PutAsync(ObjectContainer.Derived, ObjectName.Parse(derived.Name), new MemoryStream(new byte[Bytes]), CancellationToken.None);

        (await machine.AnswerAsync(node, room.State.Collaboration, "r.status <> 0")).Should().Be("120", "the same columns are in clear");
        (await machine.AnswerAsync(node, room.State.Collaboration, "r.age < 90")).Should().Be("failed", "another column has to be decrypted");
    }

    [Fact]
    public void ShouldArrange_columnsThatWereUsedAgain_isSaidOnce()
    {
        using var kept = Kept();
        var file = Keep(kept, People);
        kept.ShouldArrange(People, file).Should().BeFalse("they were used once");
        kept.Take(People, out _)!.Dispose();

        kept.ShouldArrange(People, file).Should().BeTrue();
        kept.ShouldArrange(People, file).Should().BeFalse("somebody does it");
        kept.ShouldArrange(People with { Name = "other" }, file).Should().BeFalse();
    }

    [Fact]
    public void Replace_columns_takesThePlaceOfThoseBefore()
    {
        using var kept = Kept();
        var before = Keep(kept, People);
        var read = kept.Take(People, out _)!;
        var file = File();

        kept.Replace(People, before, file);

        kept.Take(People, out _)!.File.Should().BeSameAs(file);
        kept.Bytes.Should().Be(Bytes);
        kept.ShouldArrange(People, file).Should().BeFalse("they are arranged");
        before.IsZeroed().Should().BeFalse("a run reads them");
        read.Dispose();
        before.IsZeroed().Should().BeTrue();
    }

    /// <summary>A revocation while columns are arranged: the work is stopped, and what came of it is not kept.</summary>
    [Fact]
    public void Replace_columnsThatWereLetGo_keepsNothing()
    {
        using var kept = Kept();
        var before = Keep(kept, People);
        var wanted = kept.Wanted(People, before);
        wanted.IsCancellationRequested.Should().BeFalse();
        var file = File();

        kept.Forget("room");
        kept.Replace(People, before, file);

        wanted.IsCancellationRequested.Should().BeTrue();
        kept.Wanted(People, before).IsCancellationRequested.Should().BeTrue();
        file.IsZeroed().Should().BeTrue();
        kept.Take(People, out _).Should().BeNull();
        kept.Bytes.Should().Be(0);
    }

    [Fact]
    public async Task Run_sameColumnsAgainAndAgain_areArrangedByPerson()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        (await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 1")).Should().Be("120");
        var derived = room.State.CurrentDataset(Scene.People)!.Ingest!.Derived.Single();

        (await IsArrangedAsync(node, room.State.Collaboration, derived, unit: null)).Should().BeFalse("nothing names people");
        (await IsArrangedAsync(node, room.State.Collaboration, derived, "id")).Should().BeTrue();

        (await machine.AnswerAsync(node, room.State.Collaboration, "r.status <> 0")).Should().Be("120", "it is the same answer");
    }

    /// <summary>A file that was arranged has the columns that runs read and no others, and in another order.</summary>
    [Fact]
    public async Task Run_overPartitionsOfWhichSomeAreArranged_isTheSameAnswer()
    {
        using var machine = new Machine(engine) { Ingest = new IngestLimits { PartitionBytes = 2_000 } };
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        (await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 1")).Should().Be("120");
        var parts = room.State.CurrentDataset(Scene.People)!.Ingest!.Derived;
        parts.Should().HaveCountGreaterThan(2);

        (await IsArrangedAsync(node, room.State.Collaboration, parts[1], "id")).Should().BeTrue();

        (await machine.AnswerAsync(node, room.State.Collaboration, "r.status <> 0")).Should().Be("120");
    }

    public void Dispose() => _pool.Dispose();

    /// <summary>Uses the columns of a derived object again and arranges them if that is possible.</summary>
    private async Task<bool> IsArrangedAsync(NodeProcess node, string collaboration, DerivedObject derived, string? unit)
    {
        var key = ColumnKey.Of(collaboration, derived.Name, ["id", "status"]);
        using var lease = node.Kept.Take(key, out _)!;
        var services = new PartitionServices(null!, null!, null!, _pool, node.Kept, new RunLimits(), null!);
        var input = new PartitionInput
        {
            Dataset = Scene.People,
            ManifestDigest = string.Empty,
            Partition = derived.Partition,
            Name = derived.Name,
            PlaintextBytes = derived.PlaintextBytes,
            Columns = ["id", "status"],
            Unit = unit,
        };
        await new HotColumns(services).ArrangeAsync(key, input, lease.File);
        using var now = node.Kept.Take(key, out _)!;
        return now.File != lease.File;
    }

    private KeptColumns Kept(long bytes = 10 * Bytes) => new(new RunLimits { KeptBytes = bytes, KeptFor = TimeSpan.FromMinutes(10) }, _time);

    private AnonymousFile File()
    {
        var file = _pool.Rent(Bytes).Value;
        file.Writable(0, Bytes).Span.Fill(1);
        return file;
    }

    /// <summary>Keeps columns that a run has read.</summary>
    private AnonymousFile Keep(KeptColumns kept, ColumnKey key)
    {
        using var lease = kept.Keep(key, File(), 0);
        return lease.File;
    }
}
