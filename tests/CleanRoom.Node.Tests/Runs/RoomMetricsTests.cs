using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>What a node counts says nothing of parties. Runs of other tests are heard here too, which makes the test stricter.</summary>
public sealed partial class RoomMetricsTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine);
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<(string Name, long Value, string? Key, object? Word)> _heard = [];

    [Fact]
    public async Task Run_is_counted_with_words_of_closed_lists_alone()
    {
        Listen();
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var runner = new Runner(node, room.State.Collaboration);
        await runner.EndAsync(query);
        RoomMetrics.Refused(new Refusal(RefusalCode.RoleMissing, "the role owner of registry", "analyst eve of hospital"));
        RoomMetrics.EngineFailed(EngineFailureKind.Memory);
        RoomMetrics.PartStored(7);

        _heard.Select(one => one.Name).Should().Contain(["cleanroom.ledger.rows", "cleanroom.runs", "cleanroom.runs.active", "cleanroom.columns", "cleanroom.upload.parts", "cleanroom.upload.bytes"]);
        _heard.Should().Contain(("cleanroom.runs", 1, RoomMetrics.Outcome, "done")).And.Contain(("cleanroom.columns", 1, RoomMetrics.Outcome, "decrypted"))
            .And.Contain(("cleanroom.refusals", 1, RoomMetrics.Code, "role-missing"));
        string[] words = ["done", "again", "kept", "decrypted", .. Enum.GetNames<EngineFailureKind>(), .. Enum.GetValues<RefusalCode>().Where(code => code != default).Select(code => code.Slug())];
        _heard.Where(one => one.Key is not null).Should().OnlyContain(one => (one.Key == RoomMetrics.Outcome || one.Key == RoomMetrics.Code) && words.Contains((string)one.Word!));
    }

    [Fact]
    public async Task Dashboard_shows_each_instrument_and_no_other()
    {
        Listen();
        var panels = JsonNode.Parse(await File.ReadAllTextAsync(RepositoryFiles.Committed("infra", "observability", "grafana-dashboard.json"), TestContext.Current.CancellationToken))!["panels"]!;

        var shown = panels.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).SelectMany(target => Ours().Matches(target!["expr"]!.GetValue<string>())).Select(one => one.Value);

        shown.Distinct().Should().BeEquivalentTo(_instruments.Values.Select(one => one.Name.Replace('.', '_') + (one is Counter<long> ? "_total" : string.Empty)));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _machine.Dispose();
    }

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RoomMetrics.MeterName)
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            _heard.Add((instrument.Name, value, tags.Length == 0 ? null : tags[0].Key, tags.Length == 0 ? null : tags[0].Value));
            tags.Length.Should().BeLessThan(2);
        });
        RoomMetrics.Refused(new Refusal(RefusalCode.Stale, "a fresh one", "an old one"));
        _listener.Start();
    }

    [GeneratedRegex("cleanroom_[a-z_]+")]
    private static partial Regex Ours();
}
