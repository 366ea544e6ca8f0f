using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Reconstruction;

/// <summary>How the attacker's questions are answered.</summary>
internal enum Answering
{
    /// <summary>Exactly.</summary>
    Exact = 1,

    /// <summary>As the tier dp does.</summary>
    Noisy = 2,

    /// <summary>By a broken mechanism, with a twentieth of the noise that is paid for.</summary>
    WrongScale = 3,
}

/// <summary>The linear-programming attack on one table, looked at whenever another part of the budget is spent.</summary>
/// <remarks>
/// The attacker sums random halves of the table until the budget refuses, then looks for the bits that explain the answers with the least
/// sum of errors. Spec: Dinur, Nissim (2003), s.3; Dwork, McSherry, Talwar (2007). He knows the prior and the size of the noise, and lets each
/// one cost what the prior says against it.
/// </remarks>
internal static class Attack
{
    private const int Weakening = 20;

    // A Laplace law of scale b has the variance of a Gaussian one of sigma = b * sqrt(2), and 1.96 sigma is its half width.
    private static readonly double _halfWidthPerScale = 1.96 * Math.Sqrt(2);

    /// <summary>Gets the rules of the owner: epsilon 4 in all and 0.2 for a question, at delta 10^-9.</summary>
    public static DpRules Rules { get; } = new()
    {
        Epsilon = 4m, Delta = 0.000000001m, MaxEpsilonPerQuery = 0.2m, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None,
    };

    /// <summary>Attacks one table.</summary>
    /// <param name="parts">How often the attacker looks, after equal parts of the budget.</param>
    /// <returns>What he knows after each part.</returns>
    public static IReadOnlyList<Stage> Run(SecretTable table, Answering answering, int parts)
    {
        var owner = new NoisyOwner(table, Rules, answering == Answering.WrongScale ? Weakening : 1);
        var subsets = Enumerable.Range(0, owner.Remaining).Select(table.Subset).ToList();
        var answers = new double[subsets.Count];
        for (var q = 0; q < answers.Length; q++)
        {
            answers[q] = answering == Answering.Exact ? table.Ones(subsets[q]) : owner.Ask(subsets[q]).Value;
        }

        var scale = answering == Answering.Exact ? 0 : owner.HalfWidth / _halfWidthPerScale;
        return [.. Enumerable.Range(1, parts).Select(part => Look(table, subsets[..(subsets.Count * part / parts)], answers, scale, owner.RhoPerQuestion))];
    }

    private static Stage Look(SecretTable table, List<int[]> subsets, double[] answers, double scale, double rhoPerQuestion)
    {
        var odds = Math.Log(table.Prior / (1 - table.Prior));
        var fit = LeastResiduals.Solve(subsets, answers[..subsets.Count], SecretTable.People, scale * odds);

        // A person's bit moves only the answers whose subset the person is in.
        var rho = rhoPerQuestion * subsets.Average(subset => (double)subset.Length) / SecretTable.People * subsets.Count;
        return new Stage(subsets.Count, table.Accuracy([.. fit.Values.Select(value => value > 0.5)]), table.Prior + ((1 - table.Prior) * Math.Sqrt(rho / 2)));
    }
}

/// <summary>What the attacker knows after some questions.</summary>
/// <param name="Questions">How many were answered.</param>
/// <param name="Accuracy">The share of people whose bit he guesses right.</param>
/// <param name="Bound">
/// What no attacker who asks these questions exceeds in expectation. Proof: rho-zCDP bounds the divergence by rho (Bun, Steinke (2016),
/// definition 1.1), and Pinsker's inequality the total variation T of the answers for the two values of a bit by sqrt(rho/2), whatever is known
/// of all others; a guess is right with probability at most max(p, 1-p) + min(p, 1-p) T. The root is concave: the mean rho bounds the mean.
/// </param>
internal sealed record Stage(int Questions, double Accuracy, double Bound);
