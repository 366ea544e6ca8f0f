using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Tpm.EventLog;

/// <summary>Logs inside evidence whose quote holds: what they must prove before a claim is taken from them.</summary>
public sealed class EventLogTests
{
    private const uint NoAction = 3;
    private const uint Separator = 4;
    private const uint NonHostInfo = 0x11;
    private const uint DriverConfig = 0x8000_0001;
    private const uint Other = 0x8000_0002;

    private static readonly byte[] s_separator = [0, 0, 0, 0];
    private static readonly byte[] s_pk = MadeEventLog.Variable("8be4df61-93ca-11d2-aa0d-00e098032b8c", "PK", [7]);

    [Fact]
    public void A_log_that_replays_says_how_the_machine_started()
    {
        byte[] technology = [.. "GCE NonHostInfo\0"u8, 4, .. new byte[15]];
        var log = new MadeEventLog()
            .Add(0, NonHostInfo, technology)
            .Add(7, DriverConfig, MadeEventLog.SecureBootOn).Add(7, DriverConfig, s_pk).Add(7, Separator, s_separator);

        var result = Authenticate(log, Pcrs(MadeEventLog.Extended(technology), MadeEventLog.Extended(MadeEventLog.SecureBootOn, s_pk, s_separator)));

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["secureBoot"].Should().Be("true");
        result.Claims.Values["secureBootPk"].Should().Be(Digest.Of(s_pk).ToString());
        result.Claims.Values.Should().NotContainKey("secureBootKek");
        result.Claims.Values["confidentialTechnology"].Should().Be("amd-sev-snp");
    }

    [Fact]
    public void Secure_boot_that_is_off_is_said_to_be_off() =>
        Authenticate(new MadeEventLog().Add(7, DriverConfig, MadeEventLog.SecureBootOff), Pcrs(new byte[32], MadeEventLog.Extended(MadeEventLog.SecureBootOff)))
            .Claims!.Values["secureBoot"].Should().Be("false");

    [Fact]
    public void A_log_that_does_not_replay_is_refused_for_each_pcr()
    {
        var log = new MadeEventLog().Add(7, DriverConfig, MadeEventLog.SecureBootOn);

        Checks(log, Pcrs(new byte[32], MadeEventLog.Extended(MadeEventLog.SecureBootOff))).Should().Equal("event-log-replay");
        Checks(log, Pcrs(MadeEventLog.Extended(s_separator), new byte[32])).Should().Equal("event-log-replay", "event-log-replay");
    }

    [Fact]
    public void A_log_must_replay_in_the_bank_of_sha384_too()
    {
        var log = new MadeEventLog().Add(7, DriverConfig, MadeEventLog.SecureBootOn);
        var replayed = SHA384.HashData([.. new byte[48], .. SHA384.HashData(MadeEventLog.SecureBootOn)]);

        OfSha384(log, replayed).Failures.Should().BeEmpty();
        OfSha384(log, replayed).Claims!.Values["secureBoot"].Should().Be("true");
        OfSha384(log, new byte[48]).Failures.Select(one => one.Check).Should().Equal("event-log-replay");
    }

    [Fact]
    public void Data_that_is_not_what_was_extended_is_refused()
    {
        var log = new MadeEventLog().Add(7, DriverConfig, MadeEventLog.SecureBootOn, measured: MadeEventLog.SecureBootOff);

        Checks(log, Pcrs(new byte[32], MadeEventLog.Extended(MadeEventLog.SecureBootOff))).Should().Equal("event-log-data");
    }

    [Fact]
    public void A_variable_that_is_not_the_first_says_nothing()
    {
        var behind = new MadeEventLog().Add(7, Other, MadeEventLog.SecureBootOff).Add(7, DriverConfig, MadeEventLog.SecureBootOn);
        var owner = MadeEventLog.Variable("d719b2cb-3d3a-4596-a3bc-dad00e67656f", "SecureBoot", [1]);

        Authenticate(behind, Pcrs(new byte[32], MadeEventLog.Extended(MadeEventLog.SecureBootOff, MadeEventLog.SecureBootOn)))
            .Claims!.Values.Should().NotContainKey("secureBoot");
        Authenticate(new MadeEventLog().Add(7, DriverConfig, owner), Pcrs(new byte[32], MadeEventLog.Extended(owner)))
            .Claims!.Values.Should().NotContainKey("secureBoot");
    }

    [Fact]
    public void The_system_s_pcrs_need_not_replay_and_give_no_claims()
    {
        var log = new MadeEventLog().Add(11, DriverConfig, MadeEventLog.SecureBootOn, measured: s_separator);

        var result = Authenticate(log, Pcrs(new byte[32], new byte[32]).Add(11, new byte[32]));

        result.Failures.Should().BeEmpty();
        result.Claims!.Values.Should().NotContainKey("secureBoot");
    }

    [Fact]
    public void What_is_not_quoted_gives_no_claims() =>
        Authenticate(new MadeEventLog().Add(7, DriverConfig, MadeEventLog.SecureBootOn), ImmutableSortedDictionary<int, byte[]>.Empty.Add(1, new byte[32]))
            .Claims!.Values.Should().NotContainKey("secureBoot");

    [Fact]
    public void The_locality_that_started_the_tpm_is_where_pcr_0_begins()
    {
        var log = new MadeEventLog().Add(0, NoAction, [.. "StartupLocality\0"u8, 3]).Add(0, Separator, s_separator);
        var start = new byte[32];
        start[^1] = 3;
        var value = System.Security.Cryptography.SHA256.HashData([.. start, .. Digest.Of(s_separator).ToArray()]);

        Checks(log, Pcrs(value, new byte[32])).Should().BeEmpty();
    }

    [Fact]
    public void A_log_without_the_bank_of_the_quote_is_refused()
    {
        byte[] sha1 = [.. new byte[4], 4, 0, 0, 0, .. new byte[20], 4, 0, 0, 0, .. s_separator];

        Checks(sha1, Pcrs(new byte[32], new byte[32])).Should().Equal("event-log-bank");
    }

    [Fact]
    public void Every_beginning_of_a_log_but_a_whole_number_of_events_is_no_log()
    {
        var header = new MadeEventLog().ToBytes();
        var log = new MadeEventLog().Add(7, DriverConfig, MadeEventLog.SecureBootOn).ToBytes();
        for (var length = 0; length < log.Length; length++)
        {
            (TcgEventLogReader.Parse(log.AsSpan(0, length)) is null).Should().Be(length != header.Length && !IsZeroTail(log, header.Length, length), $"{length} bytes");
        }

        TcgEventLogReader.Parse([.. log, .. new byte[9]]).Should().NotBeNull();
        TcgEventLogReader.Parse([.. log, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).Should().NotBeNull();
        TcgEventLogReader.Parse([.. log, 1]).Should().BeNull();
        TcgEventLogReader.Parse([.. log, 0, 0xFF]).Should().BeNull();
        TcgEventLogReader.Parse(new byte[TcgEventLogReader.MaxBytes + 1]).Should().BeNull();
    }

    [Theory]
    [InlineData(24, "a register beyond 23")]
    [InlineData(-1, "the mark of an end")]
    public void A_register_that_does_not_exist_is_no_event(int register, string what) =>
        TcgEventLogReader.Parse(new MadeEventLog().Add(register, Separator, s_separator).ToBytes()).Should().BeNull(what);

    [Fact]
    public void A_header_or_event_with_other_banks_is_no_log()
    {
        var log = new MadeEventLog().Add(0, Separator, s_separator).ToBytes();
        const int Header = 32;
        foreach (var offset in new[] { Header + 24, Header + 28, Header + 30, Header + 32, Header + 36 })
        {
            var changed = (byte[])log.Clone();
            changed[offset] ^= 1;
            TcgEventLogReader.Parse(changed).Should().BeNull($"byte {offset} of the header");
        }

        var events = new MadeEventLog().ToBytes().Length;
        foreach (var offset in new[] { events + 8, events + 12, events + 46 })
        {
            var changed = (byte[])log.Clone();
            changed[offset] ^= 1;
            TcgEventLogReader.Parse(changed).Should().BeNull($"byte {offset} of the event");
        }
    }

    private static bool IsZeroTail(byte[] log, int from, int length) => length > from && !log.AsSpan(from, length - from).ContainsAnyExcept((byte)0);

    private static ImmutableSortedDictionary<int, byte[]> Pcrs(byte[] zero, byte[] seven) =>
        ImmutableSortedDictionary<int, byte[]>.Empty.Add(0, zero).Add(7, seven);

    private static IEnumerable<string> Checks(MadeEventLog log, ImmutableSortedDictionary<int, byte[]> pcrs) => Checks(log.ToBytes(), pcrs);

    private static IEnumerable<string> Checks(byte[] log, ImmutableSortedDictionary<int, byte[]> pcrs) => Authenticate(log, pcrs).Failures.Select(one => one.Check);

    private static AttestationResult Authenticate(MadeEventLog log, ImmutableSortedDictionary<int, byte[]> pcrs) => Authenticate(log.ToBytes(), pcrs);

    private static AttestationResult OfSha384(MadeEventLog log, byte[] seven) => Authenticate(new MadeTpmEvidence
    {
        Pcrs = ImmutableSortedDictionary<int, byte[]>.Empty,
        Sha384Pcrs = ImmutableSortedDictionary<int, byte[]>.Empty.Add(7, seven),
        EventLog = log.ToBytes(),
    });

    private static AttestationResult Authenticate(byte[] log, ImmutableSortedDictionary<int, byte[]> pcrs) => Authenticate(new MadeTpmEvidence { Pcrs = pcrs, EventLog = log });

    private static AttestationResult Authenticate(MadeTpmEvidence made) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(TeeNames.Tpm, made.ToBytes(), []),
        Expected.Learned<Bytes>("a test"),
        AttestationVectors.Time("2026-06-01T00:00:00.000Z"),
        [new TpmVerifier(ImmutableArray<TrustAnchor>.Empty)]);
}
