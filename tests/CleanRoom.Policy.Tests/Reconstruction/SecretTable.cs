using System.Buffers.Binary;
using System.Collections;
using System.Security.Cryptography;
using System.Text;

namespace CleanRoom.Policy.Tests.Reconstruction;

/// <summary>A table of people, each with a secret bit that is 1 with a known probability, independently of all others.</summary>
/// <param name="Number">Tells tables of one prior apart; everything about a table follows from it.</param>
/// <param name="PercentOnes">The prior, from 1 to 50.</param>
internal sealed record SecretTable(int Number, int PercentOnes)
{
    /// <summary>The number of people.</summary>
    public const int People = 200;

    private readonly bool[] _bits = [.. Enumerable.Range(0, People).Select(person => Draw($"{Number} {PercentOnes} person {person}") < PercentOnes / 100.0)];

    /// <summary>Gets the share that is guessed right by who knows the prior alone.</summary>
    public double Prior => 1 - (PercentOnes / 100.0);

    /// <summary>Returns the people of a question: everybody is in half of all questions, at random.</summary>
    public int[] Subset(int question)
    {
        var coins = new BitArray(Hash($"{Number} {PercentOnes} question {question}"));
        return [.. Enumerable.Range(0, People).Where(person => coins[person])];
    }

    /// <summary>Returns the seed of the noise of a charge, 32 bytes.</summary>
    public byte[] Seed(int charge) => Hash($"{Number} {PercentOnes} charge {charge}");

    /// <summary>Returns the number of ones in a subset.</summary>
    public int Ones(int[] subset) => subset.Count(person => _bits[person]);

    /// <summary>Returns the share of people whose bit is guessed right.</summary>
    public double Accuracy(IReadOnlyList<bool> guesses) => guesses.Zip(_bits, (guess, bit) => guess == bit ? 1.0 : 0.0).Average();

    private static byte[] Hash(string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"reconstruction {name}"));

    private static double Draw(string name) => BinaryPrimitives.ReadUInt32BigEndian(Hash(name)) / 4_294_967_296.0;
}
