using System.Formats.Asn1;
using CleanRoom.Attesters.Tpm.Commands;
using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Finds the key that quotes: the machine maker's, with its certificate, or else a key of the own template.</summary>
internal static class AttestationKeySource
{
    /// <summary>Where a machine's maker puts certificate and template of an attestation key. Spec: contracts/spec/0006 s.9.</summary>
    private static readonly (uint Certificate, uint Template)[] _provisioned = [(0x01C1_0002, 0x01C1_0003), (0x01C1_0000, 0x01C1_0001)];

    /// <summary>Makes the key. The same machine gives the same key after every start.</summary>
    /// <returns>The key, and its certificate in DER when there is one.</returns>
    public static async ValueTask<(TpmKey Key, byte[]? Certificate)> OpenAsync(TpmClient tpm)
    {
        foreach (var (certificateIndex, templateIndex) in _provisioned)
        {
            if (await tpm.TryReadNvAsync(certificateIndex) is { } certificate && await tpm.TryReadNvAsync(templateIndex) is { } template)
            {
                return (await tpm.CreatePrimaryAsync(TpmConstants.Endorsement, template), Trim(tpm, certificate));
            }
        }

        return (await tpm.CreatePrimaryAsync(TpmConstants.Endorsement, TpmTemplates.AttestationKey()), null);
    }

    /// <summary>An area may be longer than its certificate.</summary>
    private static byte[] Trim(TpmClient tpm, byte[] area) => AsnDecoder.TryReadEncodedValue(area, AsnEncodingRules.DER, out _, out _, out _, out var length)
        ? area[..length]
        : throw new AttesterException($"{tpm.Name}: wanted a certificate in der in the area of the attestation key, got another form");
}
