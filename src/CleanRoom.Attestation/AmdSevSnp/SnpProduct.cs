using System.Collections.Immutable;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>A line of AMD processors: it has one root, one layout of TCB_VERSION and one length of chip identifiers.</summary>
internal sealed class SnpProduct
{
    private const int Family19 = 0x19;
    private const int Family1A = 0x1A;

    private static readonly SnpTcbComponent s_fmc = new("fmc", 0, VekExtensions.FmcOid);

    private static readonly ImmutableArray<SnpTcbComponent> s_layout =
    [
        new("bootloader", 0, VekExtensions.BootloaderOid),
        new("tee", 1, VekExtensions.TeeOid),
        new("snp", 6, VekExtensions.SnpOid),
        new("microcode", 7, VekExtensions.MicrocodeOid),
    ];

    private static readonly ImmutableArray<SnpTcbComponent> s_turinLayout =
    [
        s_fmc,
        new("bootloader", 1, VekExtensions.BootloaderOid),
        new("tee", 2, VekExtensions.TeeOid),
        new("snp", 3, VekExtensions.SnpOid),
        new("microcode", 7, VekExtensions.MicrocodeOid),
    ];

    private SnpProduct(string name, ImmutableArray<SnpTcbComponent> components, int chipIdBytes) =>
        (Name, Components, ChipIdBytes) = (name, components, chipIdBytes);

    public static SnpProduct Milan { get; } = new("Milan", s_layout, SnpReport.ChipIdBytes);

    /// <summary>Gets Genoa, to whose root Bergamo and Siena belong too.</summary>
    public static SnpProduct Genoa { get; } = new("Genoa", s_layout, SnpReport.ChipIdBytes);

    public static SnpProduct Turin { get; } = new("Turin", s_turinLayout, 8);

    /// <summary>Gets the name, as it stands in the certificates: <c>ARK-Milan</c>, <c>SEV-Milan</c>, <c>SEV-VLEK-Milan</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the components of TCB_VERSION.</summary>
    public ImmutableArray<SnpTcbComponent> Components { get; }

    /// <summary>Gets the length of the chip's identifier; the rest of CHIP_ID is zero.</summary>
    public int ChipIdBytes { get; }

    /// <summary>Returns the product of a processor; null for one whose root is not known.</summary>
    /// <param name="family">CPUID Fn1 family, extended family added.</param>
    /// <param name="model">CPUID Fn1 model, extended model included.</param>
    public static SnpProduct? OfProcessor(int family, int model) => (family, model) switch
    {
        (Family19, <= 0x0F) => Milan,
        (Family19, (>= 0x10 and <= 0x1F) or (>= 0xA0 and <= 0xAF)) => Genoa,
        (Family1A, <= 0x1F) => Turin,
        _ => null,
    };

    /// <summary>Returns the product whose intermediate has this common name; null for another name.</summary>
    public static SnpProduct? OfIssuer(string? commonName) =>
        new[] { Milan, Genoa, Turin }.FirstOrDefault(product =>
            commonName == product.IssuerName(SnpSigningKey.Vcek) || commonName == product.IssuerName(SnpSigningKey.Vlek));

    /// <summary>Returns the common name of the intermediate that certifies keys of a kind.</summary>
    public string IssuerName(SnpSigningKey kind) => kind == SnpSigningKey.Vlek ? $"SEV-VLEK-{Name}" : $"SEV-{Name}";
}
