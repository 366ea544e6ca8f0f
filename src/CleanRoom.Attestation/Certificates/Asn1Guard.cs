using System.Diagnostics.CodeAnalysis;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace CleanRoom.Attestation.Certificates;

/// <summary>Turns the exceptions of a library that reads hostile bytes into "could not be read".</summary>
internal static class Asn1Guard
{
    /// <summary>Returns what the reader gave; null when it threw.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "ASN.1 and key readers throw many kinds on content; memory exhaustion is not among them, since lengths are capped before.")]
    public static T? Read<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Returns whether the check held; false when it threw.</summary>
    public static bool Holds(Func<bool> check)
    {
        try
        {
            return check();
        }
        catch (Exception exception) when (exception is CryptoException or GeneralSecurityException or ArgumentException or ArithmeticException or InvalidOperationException or IOException)
        {
            return false;
        }
    }
}
