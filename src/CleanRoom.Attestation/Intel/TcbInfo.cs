using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>TCB info of version 3 whose form is right: how Intel judges the platforms of one family, model and stepping.</summary>
/// <remarks>Spec: Intel PCS API version 4, Get TCB Info.</remarks>
internal sealed record TcbInfo
{
    /// <summary>The id for SGX.</summary>
    public const string SgxId = "SGX";

    /// <summary>The id for TDX.</summary>
    public const string TdxId = "TDX";

    private const int Version = 3;
    private const int MaxModules = 64;

    /// <summary>Gets the signed document.</summary>
    public required SignedCollateral Document { get; init; }

    /// <summary>Gets the family, model and stepping, 6 bytes.</summary>
    public required Bytes Fmspc { get; init; }

    /// <summary>Gets the id of the provisioning certification enclave, 2 bytes.</summary>
    public required Bytes PceId { get; init; }

    /// <summary>Gets the levels, highest first as Intel sorts them.</summary>
    public required ImmutableArray<TcbLevel> Levels { get; init; }

    /// <summary>Gets the identity of TDX modules of major version 0; null for SGX.</summary>
    public required TdxModuleIdentity? Module { get; init; }

    /// <summary>Gets the identities of the TDX modules of higher versions.</summary>
    public required ImmutableArray<TdxModuleIdentity> Modules { get; init; }

    /// <summary>Reads the document; null for another form, version or kind of comparison.</summary>
    public static TcbInfo? Parse(ReadOnlyMemory<byte> json) => SignedCollateral.Parse(json, "tcbInfo") is not { } document
        ? null
        : Asn1Guard.Read(() =>
        {
            var (body, isTdx) = (document.Body, document.Id == TdxId);

            // tcbType 0 is the only defined way to compare levels.
            return body.GetProperty("version").GetInt32() != Version || body.GetProperty("tcbType").GetInt32() != 0
                ? null
                : new TcbInfo
                {
                    Document = document,
                    Fmspc = CollateralHex.Read(body, "fmspc", 6),
                    PceId = CollateralHex.Read(body, "pceId", 2),
                    Levels = TcbLevel.OfPlatform(body, isTdx),
                    Module = isTdx ? TdxModuleIdentity.Read(body.GetProperty("tdxModule"), hasLevels: false) : null,
                    Modules = isTdx && body.TryGetProperty("tdxModuleIdentities", out var modules)
                        ? [.. modules.EnumerateArray().Take(MaxModules).Select(module => TdxModuleIdentity.Read(module, hasLevels: true))]
                        : [],
                };
        });
}
