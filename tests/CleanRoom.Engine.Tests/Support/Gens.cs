using CsCheck;

namespace CleanRoom.Engine.Tests.Support;

/// <summary>Generators that the tests share.</summary>
internal static class Gens
{
    /// <summary>Draws one of the values.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
