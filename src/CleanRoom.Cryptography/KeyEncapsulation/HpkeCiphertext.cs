using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.KeyEncapsulation;

/// <summary>One message sealed to one key.</summary>
/// <param name="Enc">The encapsulated key: 65 bytes.</param>
/// <param name="Ciphertext">Ciphertext and tag: 16 bytes longer than the plaintext.</param>
public sealed record HpkeCiphertext(Bytes Enc, Bytes Ciphertext);
