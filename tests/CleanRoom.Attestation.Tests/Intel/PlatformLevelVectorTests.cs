using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tests.IntelSgx;
using CleanRoom.Attestation.Tests.IntelTdx;
using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>The level of every genuine quote under every genuine TCB info of its platform, whatever the time, as the collection has it.</summary>
public sealed class PlatformLevelVectorTests
{
    [Fact]
    public void Level_of_every_quote_under_every_tcb_info_is_the_expected_one()
    {
        SharedVectors.Require();
        var compared = 0;

        foreach (var vector in IntelSgxVectors.Cases.Concat(IntelTdxVectors.Cases).Where(vector => vector.IsGenuine && !vector.Claims.IsEmpty))
        {
            // The collection's own names have a part behind # for SGX alone; for TDX it says with what the quote is judged.
            var path = (vector.Verifier is IntelTdxVerifier ? vector.Name.Split('#')[0] : vector.Name).Split('/', 2);
            var entry = IntelExpected.Entry(path[0], path[1]);
            foreach (var evaluation in entry.GetProperty("tcb_evaluation").EnumerateArray())
            {
                var file = evaluation.GetProperty("collateral").GetString()!;
                if (File.Exists(Path.Combine(SharedVectors.Folder!, file)))
                {
                    Status(vector, file).Should().Be(Expected(evaluation), $"{vector.Name} under {file}");
                    compared++;
                }
            }
        }

        compared.Should().BeGreaterThan(20);
    }

    private static TcbStatus Status(VectorCase vector, string file)
    {
        vector.Verifier.Parse(vector.Evidence.Span, vector.Endorsements).TryGet(out var parsed, out _).Should().BeTrue();
        var info = TcbInfo.Parse(IntelCollateralSet.TcbInfo(file).Memory)!;

        // The expected status is that at the TD's launch: without the versions of now, there is no relaunch to advise.
        var module = parsed is TdxEvidence tdx ? tdx.Report.Module with { CurrentTcbSvn = default } : null;
        return new PlatformLevel(info, ((DcapEvidence)parsed!).Material.Pck!.Extension!).Of(module, new List<FailedCheck>())?.Status ?? TcbStatus.None;
    }

    private static TcbStatus Expected(JsonElement evaluation)
    {
        var status = evaluation.GetProperty("tcbStatus").GetString()!;
        if (status.StartsWith("NO MATCHING", StringComparison.Ordinal))
        {
            return TcbStatus.None;
        }

        var module = evaluation.GetProperty("tdxModule");
        return module.ValueKind == JsonValueKind.Array ? TcbStatuses.Parse(status).With(TcbStatuses.Parse(module[1].GetString())) : TcbStatuses.Parse(status);
    }
}
