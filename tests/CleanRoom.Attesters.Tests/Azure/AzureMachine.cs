using System.Buffers.Binary;
using System.Security.Cryptography;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.Attesters.Tests.Azure;

/// <summary>A software TPM that is set up as Azure sets up its virtual one: an HCL report in NV, and a key that quotes at a fixed handle.</summary>
internal static class AzureMachine
{
    public const int TdReportBytes = 1_024;

    public static byte[] HclReport(uint kind)
    {
        var report = new byte[2_600];
        "HCLA"u8.CopyTo(report);
        RandomNumberGenerator.Fill(report.AsSpan(32, 1_184));
        BinaryPrimitives.WriteUInt32LittleEndian(report.AsSpan(1_224), kind);
        return report;
    }

    public static async Task<SwTpm> StartAsync(byte[] hclReport)
    {
        var token = TestContext.Current.CancellationToken;
        var tpm = await RealTpm.StartAsync();
        await File.WriteAllBytesAsync(Path.Combine(tpm.Directory, "hcl"), hclReport, token);

        // swtpm's areas end at 2,048 bytes: the tail of the report is zero and left out.
        var size = Math.Min(hclReport.Length, 2_048);
        await File.WriteAllBytesAsync(Path.Combine(tpm.Directory, "hcl"), hclReport[..size], token);
        await tpm.ToolAsync($"tpm2_nvdefine 0x01400001 --hierarchy o --size {size} --attributes ownerread|ownerwrite|authread", token);
        await tpm.ToolAsync("tpm2_nvwrite 0x01400001 --hierarchy o --input hcl", token);
        await tpm.ToolAsync("tpm2_createek --ek-context ek.ctx --key-algorithm rsa", token);
        await tpm.ToolAsync("tpm2_createak --ek-context ek.ctx --ak-context ak.ctx --key-algorithm rsa --hash-algorithm sha256 --signing-algorithm rsassa", token);
        await tpm.ToolAsync("tpm2_evictcontrol --hierarchy o --object-context ak.ctx 0x81000003", token);
        await tpm.ToolAsync("tpm2_readpublic --object-context 0x81000003 --format pem --output ak.pem", token);
        return tpm;
    }
}
