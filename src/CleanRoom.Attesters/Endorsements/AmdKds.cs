using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>Questions to AMD's Key Distribution Service. Spec: AMD 57230.</summary>
/// <remarks>The service limits the rate of each asker: a source in front of it keeps what came.</remarks>
public static class AmdKds
{
    internal const string Host = "kdsintf.amd.com";

    private const int HwidBytes = 64;
    private const int TurinHwidBytes = 8;

    /// <summary>A chip's key at a TCB is certified for seven years and never changes.</summary>
    private static readonly TimeSpan _certificateLifetime = TimeSpan.FromDays(30);

    /// <summary>Asks for the certificate of a chip's key.</summary>
    /// <param name="hwid">64 bytes for Milan and Genoa, 8 for Turin. All zero, as in a report that masks the chip, is refused.</param>
    /// <param name="tcb">With <see cref="AmdTcb.Fmc"/> for Turin, without it for the others.</param>
    /// <returns>The request, or <see cref="RefusalCode.DocumentInvalid"/> with all that is wrong.</returns>
    public static Result<EndorsementRequest> Vcek(AmdProduct product, ReadOnlySpan<byte> hwid, AmdTcb tcb)
    {
        ArgumentNullException.ThrowIfNull(tcb);
        var length = product == AmdProduct.Turin ? TurinHwidBytes : HwidBytes;
        var problems = new List<Refusal>();
        if (hwid.Length != length || !hwid.ContainsAnyExcept((byte)0))
        {
            problems.Add(new Refusal(
                RefusalCode.DocumentInvalid, $"a chip's id of {length} bytes, not all zero", hwid.Length == length ? "zeros" : $"{hwid.Length} bytes"));
        }

        if (product == AmdProduct.Turin != tcb.Fmc.HasValue)
        {
            problems.Add(new Refusal(
                RefusalCode.DocumentInvalid, $"a tcb of {product}, {(tcb.Fmc.HasValue ? "without" : "with")} an fmc version", tcb.Fmc.HasValue ? "one with" : "one without"));
        }

        if (problems.Count > 0)
        {
            return problems.ToImmutableArray();
        }

        var fmc = tcb.Fmc is { } version ? $"fmcSPL={Decimal(version)}&" : string.Empty;
        var query = $"{fmc}blSPL={Decimal(tcb.BootLoader)}&teeSPL={Decimal(tcb.Tee)}&snpSPL={Decimal(tcb.Snp)}&ucodeSPL={Decimal(tcb.Microcode)}";
        return new EndorsementRequest
        {
            Name = "amd-vcek",
            Address = Address("vcek", product, $"{Convert.ToHexStringLower(hwid)}?{query}"),
            Form = EndorsementForm.Certificate,
            Lifetime = _certificateLifetime,
        };
    }

    /// <summary>Asks for the ASK and the ARK, in PEM.</summary>
    public static EndorsementRequest VcekChain(AmdProduct product) => Chain("vcek", product);

    /// <summary>Asks for the ASVK and the ARK, which certify keys that cloud providers load, in PEM.</summary>
    public static EndorsementRequest VlekChain(AmdProduct product) => Chain("vlek", product);

    /// <summary>Asks for the list of what the ARK revoked among the issuers of VCEKs.</summary>
    public static EndorsementRequest VcekRevocationList(AmdProduct product) => RevocationList("vcek", product);

    /// <summary>Asks for the list of what the ARK revoked among the issuers of VLEKs.</summary>
    public static EndorsementRequest VlekRevocationList(AmdProduct product) => RevocationList("vlek", product);

    private static EndorsementRequest Chain(string kind, AmdProduct product) => new()
    {
        Name = $"amd-{kind}-chain",
        Address = Address(kind, product, "cert_chain"),
        Form = EndorsementForm.CertificateChain,
        Lifetime = _certificateLifetime,
    };

    private static EndorsementRequest RevocationList(string kind, AmdProduct product) => new()
    {
        Name = $"amd-{kind}-crl",
        Address = Address(kind, product, "crl"),
        Form = EndorsementForm.RevocationList,
    };

    private static Uri Address(string kind, AmdProduct product, string rest) => product is AmdProduct.Milan or AmdProduct.Genoa or AmdProduct.Turin
        ? new($"https://{Host}/{kind}/v1/{product}/{rest}")
        : throw new ArgumentOutOfRangeException(nameof(product), product, "wanted a product");

    private static string Decimal(byte version) => version.ToString(CultureInfo.InvariantCulture);
}
