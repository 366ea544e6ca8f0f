using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.IntelTdx;

/// <summary>The firmware's event log beside a quote: it replays to the quoted registers, or the evidence is refused.</summary>
public sealed class TdxEventLogTests
{
    private const int Rtmr0At = 328;
    private const int RegisterBytes = 48;
    private const uint Action = 0x8000_0007;

    private static readonly IntelTdxVerifier s_verifier = new(MadePlatform.Anchors);
    private static readonly MadePlatform s_platform = new() { TcbInfo = MadeCollateral.TdxTcbInfo, Identity = MadeCollateral.Identity("TD_QE") };
    private static readonly byte[] s_log = Log().ToBytes();

    [Fact]
    public void Log_that_replays_says_which_registers_it_explains()
    {
        var result = Judge(Registers([[1], [2]], [[3]], [], []), s_log);

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["eventLog"].Should().Be("rtmr0 rtmr1");
        result.Words.Should().ContainSingle().Which.Should().Contain("rtmr0 rtmr1").And.Contain("not proven");
        Judge(Registers([[1], [2]], [[3]], [], []), s_log, s_log).Failures.Should().BeEmpty("the same log twice is one");
        Judge(Registers([[1], [2]], [[3]], [], [])).Claims!.Values.Should().NotContainKey("eventLog", "a contract that names it wants a log");
    }

    [Fact]
    public void Log_of_other_registers_is_refused()
    {
        Refused("event-log-replay", Registers([[2], [1]], [[3]], [], []), s_log);
        Refused("event-log-replay", Registers([[1], [2]], [], [], []), s_log);
        Refused("event-log-replay", Registers([[1], [2]], [[3]], [], [[4]]), s_log);
    }

    [Fact]
    public void Log_that_is_torn_or_one_of_two_is_refused()
    {
        Refused("event-log-format", Registers([[1], [2]], [[3]], [], []), s_log[..^1]);
        Refused("event-log-format", Registers([[1], [2]], [[3]], [], []), s_log, Log().Add(4, Action, [9]).ToBytes());
    }

    private static MadeEventLog Log() => new MadeEventLog().Add(1, Action, [1]).Add(1, Action, [2]).Add(2, Action, [3]);

    private static ImmutableArray<byte[]> Registers(params byte[][][] events) => [.. events.Select(register =>
        register.Aggregate(new byte[RegisterBytes], (value, one) => SHA384.HashData([.. value, .. SHA384.HashData(one)])))];

    private static void Refused(string check, ImmutableArray<byte[]> registers, params byte[][] logs)
    {
        var result = Judge(registers, logs);
        result.Checks().Should().Equal(check);
        result.Claims!.Values.Should().NotContainKey("eventLog");
    }

    private static AttestationResult Judge(ImmutableArray<byte[]> registers, params byte[][] logs)
    {
        var report = MadeQuote.TdReport(isTd15: false);
        for (var i = 0; i < registers.Length; i++)
        {
            registers[i].CopyTo(report, Rtmr0At + (i * RegisterBytes));
        }

        var quote = new MadeQuote { Version = 4, Tee = 0x81, BodyType = 2, Body = report, Platform = s_platform };
        return MadeIntel.Judge(s_verifier, quote.ToEvidence(), [.. s_platform.Endorsements(), .. logs.Select(log => new Bytes(log))]);
    }
}
