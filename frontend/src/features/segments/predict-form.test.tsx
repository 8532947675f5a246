import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { json, serve, show, signIn } from '@/testing/bench';
import { drafts } from '@/lib/session';
import { PredictForm } from './components/predict-form';

const prediction = { cluster: 1, cluster_name: 'Loyal Customers', confidence: 73, distances: [2, 1], outlier: false, model_version: 1, customer_data: {} };

function open() {
  signIn();
  const onPrediction = vi.fn();
  show([{ path: '/', element: <PredictForm onPrediction={onPrediction} /> }]);
  return onPrediction;
}

describe('the form of a customer', () => {
  it('says beside each field what is missing, and asks nothing of the server', async () => {
    const calls = serve({});
    open();
    await userEvent.click(screen.getByRole('button', { name: 'Predict segment' }));
    expect(await screen.findByText('Enter an age from 18 to 100')).toBeVisible();
    expect(screen.getByLabelText('Age')).toHaveAccessibleDescription(/Enter an age/);
    expect(screen.getByLabelText('Age')).toBeInvalid();
    expect(calls).toHaveLength(0);
  });

  it('finds no fault with a field that was passed through, but with one that was edited and left', async () => {
    serve({});
    open();
    expect(screen.getByLabelText('Sex')).toHaveFocus();
    await userEvent.click(document.body);
    // Errors are shown a moment later than they are found.
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(screen.getByLabelText('Sex')).toBeValid();
    await userEvent.type(screen.getByLabelText('Age'), '1');
    expect(screen.getByLabelText('Age')).toBeValid();
    await userEvent.tab();
    expect(await screen.findByText('Enter an age from 18 to 100')).toBeVisible();
    expect(screen.getByLabelText('Sex')).toBeValid();
    await userEvent.type(screen.getByLabelText('Age'), '8');
    await waitFor(() => expect(screen.getByLabelText('Age')).toBeValid());
    expect(screen.queryByText('Choose one')).not.toBeInTheDocument();
  });

  it('asks about an income that is hardly in thousands, and finds no fault with it', async () => {
    serve({});
    open();
    const income = screen.getByLabelText('Annual income');
    await userEvent.type(income, '1000');
    expect(income).toHaveAccessibleDescription('In thousands: 65.5 means 65,500');
    await userEvent.clear(income);
    await userEvent.type(income, '65500');
    expect(income).toHaveAccessibleDescription('Did you mean 65.5? Income is in thousands.');
    expect(income).toBeValid();
  });

  it('is sent by Enter, as numbers', async () => {
    const calls = serve({ 'POST /predict': () => json(prediction) });
    const onPrediction = open();
    await userEvent.click(screen.getByRole('button', { name: 'Fill in an example' }));
    await userEvent.type(screen.getByLabelText('Age'), '{Enter}');
    await vi.waitFor(() => expect(onPrediction).toHaveBeenCalledWith(prediction));
    expect(await calls[0]?.json()).toEqual({ sex: 'Female', age: 34, annual_income: 65.5, spending_score: 72, purchase_frequency: 18 });
    expect(drafts.load('predict')).toBeNull();
  });

  it('puts the server’s refusal on its field, and keeps what was typed', async () => {
    serve({ 'POST /predict': () => json({ detail: [{ type: 'x', loc: ['body', 'annual_income'], msg: 'Input should be smaller' }] }, 422) });
    open();
    await userEvent.click(screen.getByRole('button', { name: 'Fill in an example' }));
    await userEvent.click(screen.getByRole('button', { name: 'Predict segment' }));
    expect(await screen.findByText('Input should be smaller')).toBeVisible();
    expect(screen.getByLabelText('Annual income')).toHaveValue('65.5');
  });

  it('comes back with what was typed before the session ended', async () => {
    serve({});
    drafts.save('predict', { sex: 'Male', age: '51' });
    open();
    expect(screen.getByLabelText('Age')).toHaveValue('51');
    await userEvent.type(screen.getByLabelText('Age'), '2');
    expect(drafts.load('predict')).toMatchObject({ age: '512' });
  });
});
