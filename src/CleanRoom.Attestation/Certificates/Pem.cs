using System.Collections.Immutable;
using System.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Certificates;

/// <summary>Reads PEM (RFC 7468).</summary>
internal static class Pem
{
    public const string CertificateLabel = "CERTIFICATE";
    public const string RevocationListLabel = "X509 CRL";

    /// <summary>Most blocks of one file.</summary>
    private const int MaxBlocks = 32;

    /// <summary>Most bytes of the text, and of what a block holds; a certificate's are fewer.</summary>
    private const int MaxBytes = 1024 * 1024;

    private static ReadOnlySpan<byte> Begin => "-----BEGIN "u8;

    /// <summary>Returns the blocks of a label in order.</summary>
    /// <returns>Empty when there are none, a block is torn or too long, there are more than 32, or the text has more than 1 MiB.</returns>
    public static ImmutableArray<Bytes> Read(ReadOnlySpan<byte> text, string label)
    {
        if (text.Length > MaxBytes || text.IndexOf(Begin) < 0 || text.ContainsAnyExceptInRange((byte)0, (byte)127))
        {
            return [];
        }

        var blocks = ImmutableArray.CreateBuilder<Bytes>();
        ReadOnlySpan<char> rest = Encoding.ASCII.GetString(text);
        while (System.Security.Cryptography.PemEncoding.TryFind(rest, out var fields))
        {
            if (blocks.Count == MaxBlocks)
            {
                return [];
            }

            if (rest[fields.Label].SequenceEqual(label))
            {
                if (fields.DecodedDataLength > (label == CertificateLabel ? Certificate.MaxBytes : MaxBytes))
                {
                    return [];
                }

                blocks.Add(new Bytes(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            }

            rest = rest[fields.Location.End..];
        }

        return blocks.ToImmutable();
    }
}
