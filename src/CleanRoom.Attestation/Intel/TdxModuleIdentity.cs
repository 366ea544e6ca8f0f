using System.Text.Json;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>Which TDX module collateral is about, and how Intel judges its versions.</summary>
/// <param name="Id">For instance <c>TDX_03</c>: the module's major version in hex; empty for that of major version 0.</param>
/// <param name="MrSigner">The wanted MRSIGNERSEAM, 48 bytes.</param>
/// <param name="Attributes">The wanted SEAMATTRIBUTES under the mask, 8 bytes.</param>
/// <param name="AttributesMask">The bits that are compared, 8 bytes.</param>
/// <param name="Levels">The levels, newest first; empty for major version 0, which the platform's levels judge.</param>
internal sealed record TdxModuleIdentity(
    string Id, Bytes MrSigner, Bytes Attributes, Bytes AttributesMask, System.Collections.Immutable.ImmutableArray<TcbLevel> Levels)
{
    private const int SignerLength = 48;
    private const int AttributesLength = 8;

    /// <summary>Reads <c>tdxModule</c> or a member of <c>tdxModuleIdentities</c>; throws for another form.</summary>
    public static TdxModuleIdentity Read(JsonElement element, bool hasLevels) => new(
        hasLevels ? element.GetProperty("id").GetString() ?? string.Empty : string.Empty,
        CollateralHex.Read(element, "mrsigner", SignerLength),
        CollateralHex.Read(element, "attributes", AttributesLength),
        CollateralHex.Read(element, "attributesMask", AttributesLength),
        hasLevels ? TcbLevel.OfPart(element) : []);

    /// <summary>Returns whether a module has this signer and, under the mask, these attributes.</summary>
    public bool Fits(Bytes mrSigner, Bytes attributes) =>
        mrSigner == MrSigner && CollateralHex.EqualsUnderMask(attributes.Span, Attributes.Span, AttributesMask.Span);
}
