using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Tpm.EventLog;

/// <summary>Logs of real firmware, with the PCRs that others computed from them.</summary>
public sealed class EventLogVectorTests
{
    private static readonly ImmutableDictionary<string, ushort> s_banks =
        ImmutableDictionary<string, ushort>.Empty.Add("sha1", 0x04).Add("sha256", 0x0B).Add("sha384", 0x0C);

    [Fact]
    public void Every_log_of_the_collection_replays_to_the_pcrs_of_its_makers_and_says_its_claims()
    {
        var banks = 0;
        var expected = SharedVectors.Json("tpm/eventlogs/go-tpm-tools/expected-pcrs.json");
        foreach (var one in SharedVectors.Json("tpm/expected.json").EnumerateArray().Where(one => Text(one, "file").StartsWith("eventlogs/", StringComparison.Ordinal)))
        {
            var file = Text(one, "file");
            var log = TcgEventLogReader.Parse(SharedVectors.Read($"tpm/{file}"));
            log.Should().NotBeNull(file);
            foreach (var bank in expected.GetProperty(Path.GetFileName(file)).EnumerateObject().Where(bank => bank.Value.EnumerateObject().Any()))
            {
                var pcrs = Pcrs(bank.Value, s_banks[bank.Name]);
                Replayed(log!, s_banks[bank.Name], pcrs).Should().Equal(pcrs.Values, $"{bank.Name} of {file}");
                EventLogCheck.Failures(log!, s_banks[bank.Name], pcrs).Should().BeEmpty($"{bank.Name} of {file}");
                EventLogClaims.Of(log!, s_banks[bank.Name], pcrs).Should()
                    .Contain(KeyValuePair.Create("secureBoot", one.GetProperty("secure_boot")[0].GetInt32() == 1 ? "true" : "false"), file);
                banks++;
            }
        }

        banks.Should().Be(11, "six logs are in the collection: five with two banks and one with one");
    }

    [Theory]
    [InlineData("crypto_agile_eventlog")]
    [InlineData("coreos_36_shielded_vm_no_secure_boot_eventlog")]
    [InlineData("ebs_event_missing_eventlog")]
    [InlineData("option_rom_eventlog")]
    [InlineData("sb_cert_eventlog")]
    [InlineData("short_no_action_eventlog")]
    [InlineData("ubuntu_2104_shielded_vm_no_secure_boot_eventlog")]
    public void Logs_of_other_firmware_can_be_read_and_their_data_is_what_was_extended(string file)
    {
        var log = TcgEventLogReader.Parse(SharedVectors.Read($"tpm/go-attestation/{file}"))!;

        log.Events.Where(one => one.IsOverData && !one.Matches(log.Algorithms[^1])).Should().BeEmpty();
    }

    [Theory]
    [InlineData("gce-cos-85-no-nonce")]
    [InlineData("gce-cos-85-nonce9009")]
    public void The_log_of_a_quoted_machine_replays_in_all_three_banks(string folder)
    {
        var log = TcgEventLogReader.Parse(SharedVectors.Read($"tpm/gce/{folder}.d/eventlog.bin"))!;
        foreach (var (name, algorithm) in s_banks)
        {
            var pcrs = Pcrs(SharedVectors.Json($"tpm/gce/{folder}.d/pcrs-{name}.json"), algorithm);

            EventLogCheck.Failures(log, algorithm, pcrs).Should().BeEmpty(name);
            Replayed(log, algorithm, pcrs).Should().AllSatisfy(value => pcrs.Values[value.Key].Should().Be(value.Value, $"{name} {value.Key.Index}"));
        }
    }

    [Fact]
    public void The_log_of_a_tdx_guest_replays_to_the_rtmrs_of_its_quote()
    {
        // Header of 48 bytes, then the body of version 1.0 with RTMR 0 at 328 (recipes s.3: TD quote v4).
        const int Rtmr0 = 48 + 328;
        var quote = SharedVectors.Read("intel-tdx/go-tdx-guest/ccel/cos-113-tdx-quote.dat");
        Bytes[] rtmrs = [.. Enumerable.Range(0, 4).Select(i => new Bytes(quote.AsSpan(Rtmr0 + (48 * i), 48)))];
        var log = TcgEventLogReader.Parse(SharedVectors.Read("intel-tdx/go-tdx-guest/ccel/ccel_data.dat"))!;

        CcelCheck.Failures(log, rtmrs).Should().BeEmpty();
        CcelCheck.Failures(log, [.. rtmrs.Reverse()]).Select(one => one.Check).Should().Contain("event-log-replay");
    }

    [Fact]
    public void A_log_without_sha384_says_nothing_about_rtmrs()
    {
        var log = TcgEventLogReader.Parse(SharedVectors.Read("tpm/eventlogs/go-tpm-tools/arch-linux-workstation.bin"))!;

        CcelCheck.Failures(log, []).Select(one => one.Check).Should().Equal("event-log-bank");
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static PcrSet Pcrs(JsonElement values, ushort algorithm) => new(values.EnumerateObject().ToImmutableSortedDictionary(
        pcr => (algorithm, int.Parse(pcr.Name, CultureInfo.InvariantCulture)), pcr => new Bytes(Convert.FromHexString(pcr.Value.GetString()!))));

    private static ImmutableSortedDictionary<(ushort Algorithm, int Index), Bytes> Replayed(TcgEventLog log, ushort algorithm, PcrSet pcrs) => log.Replay(algorithm)
        .Where(register => pcrs.Values.ContainsKey((algorithm, register.Key)))
        .ToImmutableSortedDictionary(register => (algorithm, register.Key), register => register.Value);
}
