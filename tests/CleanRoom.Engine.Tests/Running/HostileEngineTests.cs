using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Engine.Wire;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Engine.Tests.Running;

/// <summary>What an engine that was taken over may send: the node ends with rows or with one and the same refusal.</summary>
public class HostileEngineTests(EngineFixture engine)
{
    private static readonly byte[] Rows = RowSamples.Encode([new RowSampleColumn("n", RowCell.WholeNumber, 0, [1L, null])]);
    private static readonly byte[] Result = FakeEngine.Encode(FrameKind.Result, new ResultHeader(), WireJson.Default.ResultHeader, Rows);
    private static readonly byte[] Progress =
        FakeEngine.Encode(FrameKind.Progress, new ProgressHeader { BasisPoints = int.MaxValue }, WireJson.Default.ProgressHeader, []);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_honestAnswer_isTaken()
    {
        var reports = new List<int>();
        await using var fake = await FakeEngine.StartAsync(Cancellation);
        await fake.SendAsync(Progress, Cancellation);
        await fake.SendAsync(Result, Cancellation);
        var run = await engine.Runner.WatchAsync(
            fake.Process, EngineFixture.Job("-"), new ActionProgress<EngineProgress>(progress => reports.Add(progress.BasisPoints)), Cancellation);

        EngineRows.Read(run.Outcome.Value.Encoded, maxRows: 2).Value.Rows.Should().HaveCount(2);
        reports.Should().Equal(10_000);
    }

    [Fact]
    public async Task Watch_floodOfProgress_endsTheRun()
    {
        await using var fake = await FakeEngine.StartAsync(Cancellation);
        var job = EngineFixture.Job("-") with { Limits = EngineFixture.Limits with { WallClock = TimeSpan.FromMinutes(1) } };
        var running = engine.Runner.WatchAsync(fake.Process, job, progress: null, Cancellation);
        for (var sent = 0; sent <= 16 + (8 * 60); sent++)
        {
            await fake.SendAsync(Progress, Cancellation);
        }

        ShouldHaveFailed(await running, EngineFailureKind.Protocol);
    }

    [Fact]
    public async Task Watch_silence_endsByTheWallClock()
    {
        await using var fake = await FakeEngine.StartAsync(Cancellation);
        await fake.SendAsync(Result.AsMemory(0, Result.Length - 1), Cancellation);
        var job = EngineFixture.Job("-") with { Limits = EngineFixture.Limits with { WallClock = TimeSpan.FromMilliseconds(50) } };
        ShouldHaveFailed(await engine.Runner.WatchAsync(fake.Process, job, progress: null, Cancellation), EngineFailureKind.Timeout);
    }

    [Fact]
    public async Task Watch_halfAnAnswer_isAFailure()
    {
        await using var fake = await FakeEngine.StartAsync(Cancellation);
        await fake.SendAsync(Result.AsMemory(0, Result.Length - 1), Cancellation);
        fake.HangUp();
        ShouldHaveFailed(await Watch(fake), EngineFailureKind.Ended);
    }

    [Theory]
    [InlineData("7fffffff4200000002")]
    [InlineData("0100000842000000027b7d")]
    [InlineData("000100064400000001")]
    [InlineData("0000000701000000027b7d")]
    [InlineData("0000000742000000025b5d")]
    [InlineData("00000009420000000400000000")]
    [InlineData("0000000544000000007b7d")]
    [InlineData("000000074400000002 7b7d")]
    public async Task Watch_frameThatNoEngineSends_isAFailure(string hex)
    {
        await using var fake = await FakeEngine.StartAsync(Cancellation);
        await fake.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), Cancellation);
        ShouldHaveFailed(await Watch(fake), EngineFailureKind.Protocol);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Timeout")]
    [InlineData("Schema")]
    public async Task Watch_failureThatNoRunHas_isAFailureOfTheProtocol(string kind)
    {
        await using var fake = await FakeEngine.StartAsync(Cancellation);
        var header = new FailedHeader { Kind = Enum.Parse<EngineFailureKind>(kind) };
        await fake.SendAsync(FakeEngine.Encode(FrameKind.Failed, header, WireJson.Default.FailedHeader, []), Cancellation);
        ShouldHaveFailed(await Watch(fake), EngineFailureKind.Protocol);
    }

    [Fact]
    public async Task Watch_anyFrames_endsWithRowsOrTheRefusal() =>
        await Gen.Select(Frames, Gen.Byte.Array[0, 20]).SampleAsync(
            async (frames, tail) =>
            {
                await using var fake = await FakeEngine.StartAsync(Cancellation);
                var running = Watch(fake);
                foreach (var frame in frames)
                {
                    await fake.SendAsync(frame, Cancellation);
                }

                await fake.SendAsync(tail, Cancellation);
                fake.HangUp();
                var run = await running;
                if (run.Outcome.TryGet(out var output, out var refusals))
                {
                    EngineRows.Read(output.Encoded, maxRows: 10).Refusals.Should().BeSubsetOf([Generic]);
                }
                else
                {
                    refusals.Should().Equal(Generic);
                }
            },
            iter: 300);

    [Fact]
    public async Task Start_engineOfAnotherBuild_isRefused()
    {
        foreach (var ready in new[]
        {
            FakeEngine.Ready with { Version = 1 },
            FakeEngine.Ready with { Layers = [] },
            FakeEngine.Ready with { Layers = [.. FakeEngine.Ready.Layers, FakeEngine.Ready.Layers[0]] },
            FakeEngine.Ready with { Layers = FakeEngine.Ready.Layers.SetItem(0, FakeEngine.Ready.Layers[0] with { Detail = new string('x', 257) }) },
        })
        {
            var starting = () => FakeEngine.StartAsync(ready, Cancellation);
            (await starting.Should().ThrowAsync<EngineChannelException>()).Which.Kind.Should().Be(EngineFailureKind.Protocol);
        }
    }

    private static Refusal Generic => new(RefusalCode.QueryFailed, "a completed run", "a failed run");

    private static Gen<byte[][]> Frames => Gen.Select(
        Gens.OneOf(Enum.GetValues<FrameKind>()),
        Gens.OneOf("{}", "{\"kind\":\"Sql\"}", "{\"kind\":99}", "{\"basisPoints\":-1}", "[", "null", "\"\\ud800\""),
        Gen.OneOf(Gen.Const(Rows), Gen.Byte.Array[0, 40], Gen.Const<byte[]>([])),
        Gen.Int[-2, 8],
        (kind, header, payload, shift) =>
        {
            // Mostly the right length: what follows is then read as a frame of its own.
            var frame = FrameHead.Encode(kind, System.Text.Encoding.UTF8.GetBytes(header), payload.Length);
            frame[3] = (byte)(frame[3] + (shift > 2 ? 0 : shift));
            return (byte[])[.. frame, .. payload];
        }).Array[0, 4];

    private static void ShouldHaveFailed(EngineRun run, EngineFailureKind kind)
    {
        run.Outcome.Refusals.Should().Equal(Generic);
        run.Failure!.Kind.Should().Be(kind, run.Failure.Detail);
    }

    private Task<EngineRun> Watch(FakeEngine fake) =>
        engine.Runner.WatchAsync(fake.Process, EngineFixture.Job("-"), progress: null, Cancellation);
}
