using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace CleanRoom.Privacy.Bounding;

/// <summary>The order in which a unit's groups, or its values in a group, are kept: that of a salted digest.</summary>
/// <remarks>
/// The input is text, so that SQL makes the same digest: salt, unit and item in lower-case hex with colons between them. Hex has no colon,
/// so no two pairs give one text. It looks at one unit's own rows alone. Spec: contracts/spec/0014 s.8.
/// </remarks>
public static class BoundingOrder
{
    /// <summary>Returns SHA-256 over <c>hex(salt):hex(unit):hex(item)</c> as 64 lower-case hex digits; smaller ones are kept first.</summary>
    public static string Of(ImmutableArray<byte> salt, string unit, string item)
    {
        var text = $"{Convert.ToHexStringLower(salt.AsSpan())}:{Hex(unit)}:{Hex(item)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
    }

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
}
