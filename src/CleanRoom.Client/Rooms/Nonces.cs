using System.Security.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Rooms;

/// <summary>The random bytes that make two statements with the same content two statements.</summary>
internal static class Nonces
{
    private const int NonceBytes = 16;

    public static Bytes Fresh() => new(RandomNumberGenerator.GetBytes(NonceBytes));
}
