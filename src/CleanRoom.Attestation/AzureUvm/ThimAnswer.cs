using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Jose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureUvm;

/// <summary>What Azure hands to a guest in files: base64 text, and the answer of its certificate cache (THIM). Trust: attacker-controlled.</summary>
/// <remarks>Spec: contracts/spec/attestation/amd-sev-snp.md s.1; Azure Trusted Hardware Identity Management, <c>/metadata/THIM/amd/certification</c>.</remarks>
internal static class ThimAnswer
{
    private static readonly string[] s_members = ["vcekCert", "certificateChain"];

    /// <summary>Returns what base64 text stands for, and anything else unchanged: a container's security context holds its files in base64.</summary>
    public static Bytes Decoded(Bytes file) =>
        file.Length > 0 && Base64.IsValid(file.Span) ? new Bytes(Convert.FromBase64String(Encoding.ASCII.GetString(file.Span))) : file;

    /// <summary>Returns the texts of the answer's certificates, PEM; none when the bytes are no such answer.</summary>
    /// <remarks>Its <c>tcbm</c> and <c>cacheControl</c> are signed by nobody: the certificate says for which TCB it is.</remarks>
    public static ImmutableArray<Bytes> Certificates(Bytes file) => TokenJson.Object(file.Span) is { } answer
        ? [.. s_members.Select(member => answer.TextAt(member)).OfType<string>().Select(text => new Bytes(Encoding.UTF8.GetBytes(text)))]
        : [];
}
