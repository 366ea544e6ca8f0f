namespace CleanRoom.Cryptography;

/// <summary>Lengths of AES-256-GCM as it is used here, in bytes.</summary>
public static class AesGcmFormat
{
    public const int KeyBytes = 32;

    public const int NonceBytes = 12;

    public const int TagBytes = 16;
}
