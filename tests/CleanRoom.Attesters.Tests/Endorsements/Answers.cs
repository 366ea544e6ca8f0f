using System.Formats.Asn1;
using System.Text;

namespace CleanRoom.Attesters.Tests.Endorsements;

/// <summary>Made-up answers of the right form.</summary>
internal static class Answers
{
    public const string Pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

    public static byte[] Certificate { get; } = [0x30, 0x03, 0x02, 0x01, 0x01];

    public static byte[] Chain { get; } = Encoding.ASCII.GetBytes(Pem);

    public static byte[] TcbInfo { get; } = Encoding.ASCII.GetBytes(
        """{"tcbInfo":{"id":"SGX","version":3,"issueDate":"2026-01-30T00:00:00Z","nextUpdate":"2026-01-31T12:00:00Z"},"signature":"00"}""");

    public static byte[] RevocationList(DateTimeOffset? nextUpdate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                writer.PushSequence().Dispose();
                writer.PushSequence().Dispose();
                writer.WriteUtcTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
                if (nextUpdate is { } next)
                {
                    writer.WriteUtcTime(next);
                }
            }

            writer.PushSequence().Dispose();
            writer.WriteBitString([0]);
        }

        return writer.Encode();
    }
}
