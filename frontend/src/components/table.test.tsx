import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { Menu, MenuItem } from './menu';
import { Table } from './table';

describe('a row that opens', () => {
  it('does not, where a choice is made from the menu in it', async () => {
    const [open, remove] = [vi.fn(), vi.fn()];
    const user = userEvent.setup();
    const columns = [
      { id: 'name', title: 'Name', cell: (row: string) => row },
      {
        id: 'more',
        title: 'More',
        cell: () => (
          <Menu trigger={<button type="button">More</button>}>
            <MenuItem onSelect={remove}>Delete</MenuItem>
          </Menu>
        ),
      },
    ];
    render(<Table caption="Tables" columns={columns} rows={['Mall']} rowKey={(row) => row} onOpen={open} />);
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    expect(remove).toHaveBeenCalledOnce();
    expect(open).not.toHaveBeenCalled();
    await user.click(screen.getByText('Mall'));
    expect(open).toHaveBeenCalledWith('Mall');
  });
});
